# SPDX-License-Identifier: ISC
"""Configuration texts of the test-bed's own Dovecot and Exim.

Both run without privileges: as the ordinary user who runs the tests, or as
`nobody` when that is root.  Nothing of the system's own configuration,
spool or logs is read or written.
"""

# The loopback address on which each certificate is shown; see bed_ca.py.
CERT_HOSTS = {
    "good": "127.0.0.1",
    "wrong": "127.0.0.2",
    "expired": "127.0.0.3",
    "unknown": "127.0.0.4",
}

DOVECOT = """\
protocols = imap lmtp
listen = {hosts}
base_dir = {dir}/run
state_dir = {dir}/run
log_path = {dir}/run/dovecot.log
login_log_format_elements = user=<%u> method=%m rip=%r %c
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
default_vsz_limit = 1G
default_process_limit = 100
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
auth_verbose = yes
auth_username_chars =
mail_max_userip_connections = 200
mail_location = maildir:~/Maildir
mail_fsync = never
maildir_stat_dirs = yes
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {dir}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={dir}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  mailbox 垃圾邮件 {{
    auto = subscribe
    special_use = \\Junk
  }}
  mailbox 已发送 {{
    auto = subscribe
    special_use = \\Sent
  }}
}}
ssl = yes
ssl_min_protocol = TLSv1.2
ssl_cert = <{dir}/ca/good.pem
ssl_key = <{dir}/ca/good.key
{locals}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  client_limit = 400
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service imap {{
  process_min_avail = 1
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
{extra}
"""

DOVECOT_LOCAL = """\
local {host} {{
  ssl_cert = <{dir}/ca/{name}.pem
  ssl_key = <{dir}/ca/{name}.key
}}
"""

OAUTH2 = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={dir}/keys/
username_attribute = sub
"""

EXIM = r"""
exim_user = {user}
exim_group = {group}
primary_hostname = smtp.test
unknown_login = clued-bed
never_users =
keep_environment =
deliver_drop_privilege = true
spool_directory = {dir}/exim
log_file_path = {dir}/exim/%slog
pid_file_path = {dir}/exim/pid
log_selector = +smtp_protocol_error +received_recipients
local_interfaces = {interfaces}
daemon_smtp_ports = {smtp}
tls_on_connect_ports = {smtps}
tls_advertise_hosts = *
tls_certificate = ${{if eq{{$received_ip_address}}{{127.0.0.2}}\
 {{{dir}/ca/wrong.pem}}{{${{if eq{{$received_ip_address}}{{127.0.0.3}}\
 {{{dir}/ca/expired.pem}}{{${{if eq{{$received_ip_address}}{{127.0.0.4}}\
 {{{dir}/ca/unknown.pem}}{{{dir}/ca/good.pem}}}}}}}}}}}}
tls_privatekey = ${{if eq{{$received_ip_address}}{{127.0.0.2}}\
 {{{dir}/ca/wrong.key}}{{${{if eq{{$received_ip_address}}{{127.0.0.3}}\
 {{{dir}/ca/expired.key}}{{${{if eq{{$received_ip_address}}{{127.0.0.4}}\
 {{{dir}/ca/unknown.key}}{{{dir}/ca/good.key}}}}}}}}}}}}
message_size_limit = 100M
smtp_accept_max = 200
smtp_accept_max_per_connection = 0
smtp_accept_queue_per_connection = 0
smtp_accept_queue = 0
smtp_enforce_sync = true
smtp_return_error_details = true
rfc1413_query_timeout = 0s
host_lookup =
dns_ipv4_lookup =
helo_allow_chars = _
helo_accept_junk_hosts = 127.0.0.0/8
check_spool_space = 0
ignore_bounce_errors_after = 0s
timeout_frozen_after = 0s
acl_smtp_auth = acl_auth
acl_smtp_mail = acl_mail
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data
domainlist local_domains = {domains}

begin acl

acl_auth:
  deny message = 503 AUTH is not for this port
       condition = ${{if eq{{$received_port}}{{{smtp}}}}}
  accept

acl_mail:
  deny message = 553 authentication is required
       !authenticated = *
       condition = ${{if !eq{{$received_port}}{{{smtp}}}}}
  deny message = 553 Mail from must equal authorized user
       authenticated = *
       condition = ${{if !eqi{{$sender_address}}{{$authenticated_id}}}}
  accept

acl_rcpt:
  deny message = 550 relay not permitted
       !domains = +local_domains
  deny message = 550 User not found: $local_part@$domain
       condition = ${{lookup{{${{lc:$local_part@$domain}}}}\
lsearch{{{dir}/users}}{{no}}{{yes}}}}
  accept

acl_data:
  accept

begin routers

# Accepted, then found undeliverable: a real bounce goes to the sender.
gone:
  driver = redirect
  domains = +local_domains
  local_parts = ^bounces-
  allow_fail
  data = :fail: 550 5.1.1 mailbox is gone

local:
  driver = manualroute
  domains = +local_domains
  transport = to_dovecot
  route_list = * 127.0.0.1 byname
  self = send

begin transports

to_dovecot:
  driver = smtp
  protocol = lmtp
  port = {lmtp}
  allow_localhost
  hosts_avoid_tls = *
  hosts_avoid_pipelining =
  hosts_try_fastopen = !*
  hosts_try_chunking = !*
  message_linelength_limit = 100000000
  retry_include_ip_address = false
  max_rcpt = 1
  delivery_date_add = false
  envelope_to_add = false
  return_path_add = false

begin retry

* * F,2d,1s

begin authenticators

plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if eq{{$auth3}}{{{password}}}}}
  server_set_id = $auth2

login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = ${{if eq{{$auth2}}{{{password}}}}}
  server_set_id = $auth1

xoauth2:
  driver = plaintext
  public_name = XOAUTH2
  server_prompts = :
  server_condition = ${{if and{{{{match{{$auth1}}\
{{\N^user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01$\N}}}}\
{{eq{{$1}}{{${{lookup{{$2}}lsearch{{{dir}/tokens}}{{$value}}{{none}}}}}}}}}}}}
  server_set_id = ${{sg{{$auth1}}{{\N^user=([^\x01]+)\x01.*$\N}}{{\$1}}}}
"""
