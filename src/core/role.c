/* SPDX-License-Identifier: ISC */
#include "core/role.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <systemd/sd-event.h>

#include "base/err.h"
#include "base/frame.h"
#include "base/log.h"
#include "base/spawn.h"

/* Delay before a role that died is started again: doubles up to the most. */
#define RESTART_FIRST_MS 500
#define RESTART_MOST_MS 300000

struct role {
	sd_event *event;
	char *label;
	const struct role_ops *ops;
	void *arg;
	pid_t pid; /* 0 = does not run */
	int pidfd;
	int sock;
	sd_event_source *on_frame, *on_end, *on_restart, *on_late;
	int64_t within_ms;
	unsigned deaths;
	bool broke_rules;
	unsigned char *buffer;
};

static int start(struct role *role, struct err *err);
static int on_restart(sd_event_source *source, uint64_t usec, void *arg);

int
role_new(sd_event *event, const char *label, const struct role_ops *ops,
    void *arg, struct role **role_out, struct err *err)
{
	struct role *role = calloc(1, sizeof(*role));

	if (role == NULL || (role->label = strdup(label)) == NULL ||
	    (role->buffer = malloc(FRAME_BUFFER)) == NULL) {
		if (role != NULL)
			free(role->label);
		free(role);
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	}
	role->event = event;
	role->ops = ops;
	role->arg = arg;
	role->pidfd = role->sock = -1;
	*role_out = role;
	return 0;
}

static void
forget_process(struct role *role)
{
	role->on_frame = sd_event_source_disable_unref(role->on_frame);
	role->on_end = sd_event_source_disable_unref(role->on_end);
	role->on_late = sd_event_source_disable_unref(role->on_late);
	if (role->sock >= 0)
		(void)close(role->sock);
	if (role->pidfd >= 0)
		(void)close(role->pidfd);
	role->sock = role->pidfd = -1;
	role->pid = 0;
}

void
role_kill(struct role *role)
{
	if (role->pid > 0)
		(void)kill(role->pid, SIGKILL);
}

static int
on_late(sd_event_source *source, uint64_t usec, void *arg)
{
	struct role *role = arg;

	(void)source;
	(void)usec;
	if (role->ops->waits_for_us != NULL &&
	    role->ops->waits_for_us(role->arg)) {
		role_expect(role, role->within_ms);
		return 0;
	}
	log_line(LOG_LEVEL_ERROR, "role-hung",
	    "role=%s silent_s=%lld next=\"killed and started again\"",
	    role->label, (long long)role->within_ms / 1000);
	role_kill(role);
	return 0;
}

void
role_expect(struct role *role, int64_t within_ms)
{
#ifdef CLUED_TEST_HOOKS
	const char *hung_ms = getenv("CLUED_TEST_HUNG_MS");

	if (hung_ms != NULL && within_ms != 0)
		within_ms = strtol(hung_ms, NULL, 10);
#endif
	role->on_late = sd_event_source_disable_unref(role->on_late);
	role->within_ms = within_ms;
	if (within_ms > 0 && role->pid > 0)
		(void)sd_event_add_time_relative(role->event, &role->on_late,
		    CLOCK_MONOTONIC, (uint64_t)within_ms * 1000, 0, on_late,
		    role);
}

void
role_free(struct role **role)
{
	struct role *r = *role;

	if (r == NULL)
		return;
	if (r->pid > 0) {
		role_kill(r);
		(void)waitpid(r->pid, NULL, 0);
	}
	forget_process(r);
	r->on_restart = sd_event_source_disable_unref(r->on_restart);
	free(r->buffer);
	free(r->label);
	free(r);
	*role = NULL;
}

void
role_start_later(struct role *role)
{
	unsigned doublings = role->deaths < 12 ? role->deaths : 12;
	uint64_t wait_ms = (uint64_t)RESTART_FIRST_MS << doublings;

	if (wait_ms > RESTART_MOST_MS)
		wait_ms = RESTART_MOST_MS;
	role->deaths++;
	role->on_restart = sd_event_source_disable_unref(role->on_restart);
	(void)sd_event_add_time_relative(role->event, &role->on_restart,
	    CLOCK_BOOTTIME, wait_ms * 1000, 0, on_restart, role);
}

/* No process, no memory, no secret: as if it had died at once. */
static int
on_restart(sd_event_source *source, uint64_t usec, void *arg)
{
	struct role *role = arg;
	struct err err;

	(void)source;
	(void)usec;
	role->on_restart = sd_event_source_disable_unref(role->on_restart);
	if (start(role, &err) == 0)
		return 0;
	log_err(LOG_LEVEL_ERROR, "role-start-failed", &err, "role=%s",
	    role->label);
	if (role->ops->ended(role->arg, W_EXITCODE(EXIT_FAILURE, 0)))
		role_start_later(role);
	return 0;
}

/* Reads what the role still had to say before its end is told. */
static int
drain(struct role *role, struct err *err)
{
	struct frame frame;
	int rc;

	for (;;) {
		rc = frame_recv(role->sock, role->buffer, &frame, err);
		if (rc == 0)
			return 0;
		if (rc < 0)
			return err->origin == ERR_ERRNO && err->code == EAGAIN
			    ? 1
			    : -1;
		rc = role->ops->frame(role->arg, &frame, err);
		frame_close_fds(&frame);
		if (rc < 0)
			return -1;
		if (role->pid == 0)
			return 0; /* the callback ended it */
	}
}

static void
breach(struct role *role, const struct err *err)
{
	log_err(LOG_LEVEL_ERROR, "role-breach", err, "role=%s", role->label);
	role->broke_rules = true;
}

static int
on_frame(sd_event_source *source, int fd, uint32_t revents, void *arg)
{
	struct role *role = arg;
	struct err err;
	int rc = drain(role, &err);

	(void)source;
	(void)fd;
	(void)revents;
	if (rc < 0) {
		breach(role, &err);
		role_kill(role);
	}
	if (rc <= 0 && role->on_frame != NULL)
		(void)sd_event_source_set_enabled(
		    role->on_frame, SD_EVENT_OFF);
	return 0;
}

/* Its process is dead, or will be at once.  True = start it again. */
static bool
bury(struct role *role, int *status_out)
{
	struct err err;
	int status = 0;

	(void)waitpid(role->pid, &status, 0);
	if (drain(role, &err) < 0)
		breach(role, &err);
	forget_process(role);
	*status_out = status;
	return role->ops->ended(role->arg, status);
}

static int
on_end(sd_event_source *source, int fd, uint32_t revents, void *arg)
{
	struct role *role = arg;
	bool again;
	int status;

	(void)source;
	(void)fd;
	(void)revents;
	again = bury(role, &status);
	if (WIFSIGNALED(status))
		log_line(LOG_LEVEL_WARN, "role-died", "role=%s signal=%d",
		    role->label, WTERMSIG(status));
	if (again)
		role_start_later(role);
	return 0;
}

void
role_hold(struct role *role)
{
	if (role->pid > 0)
		(void)kill(role->pid, SIGUSR1);
}

bool
role_wait(struct role *role, int timeout_ms)
{
	struct pollfd p = {.fd = role->sock, .events = POLLIN};
	struct err err;
	int rc;

	if (role->pid == 0 || poll(&p, 1, timeout_ms) != 1)
		return false;
	rc = drain(role, &err);
	if (rc < 0)
		breach(role, &err);
	return rc > 0;
}

void
role_end(struct role *role)
{
	int status;

	if (role->pid == 0)
		return;
	role_kill(role);
	(void)bury(role, &status);
}

bool
role_broke_rules(const struct role *role)
{
	return role->broke_rules;
}

static int
watch(struct role *role, struct err *err)
{
	int rc = sd_event_add_io(role->event, &role->on_frame, role->sock,
	    EPOLLIN, on_frame, role);

	if (rc >= 0)
		rc = sd_event_add_io(role->event, &role->on_end, role->pidfd,
		    EPOLLIN, on_end, role);
	if (rc >= 0) /* its last words before its end */
		rc = sd_event_source_set_priority(
		    role->on_end, SD_EVENT_PRIORITY_IDLE);
	if (rc < 0)
		return err_errno(err, -rc, "watch %s", role->label);
	return 0;
}

static int
start(struct role *role, struct err *err)
{
	int pair[2];

	role->broke_rules = false;
	if (frame_pair(pair, err) < 0)
		return -1;
	if (fcntl(pair[0], F_SETFL, O_NONBLOCK) < 0 ||
	    spawn_role(role->ops->name, pair[1], &role->pid, &role->pidfd,
		err) < 0) {
		(void)close(pair[0]);
		(void)close(pair[1]);
		role->pid = 0;
		return err_at(err, "start %s", role->label);
	}
	(void)close(pair[1]);
	role->sock = pair[0];
	if (watch(role, err) < 0 ||
	    role->ops->started(role->arg, err) < 0) {
		role_kill(role);
		(void)waitpid(role->pid, NULL, 0);
		forget_process(role);
		return err_at(err, "start %s", role->label);
	}
	return 0;
}

int
role_start(struct role *role, struct err *err)
{
	if (role->pid > 0)
		return 0;
	role->on_restart = sd_event_source_disable_unref(role->on_restart);
	return start(role, err);
}

bool
role_runs(const struct role *role)
{
	return role->pid > 0;
}

bool
role_is_to_start(const struct role *role)
{
	return role->on_restart != NULL;
}

int
role_send(struct role *role, uint32_t type, const struct buf *body,
    const int *fds, size_t n_fds, struct err *err)
{
	if (role->pid == 0)
		return err_set(err, ERR_LATER, ERR_OWN, 0, "%s is down",
		    role->label);
	if (frame_send(role->sock, type, body, fds, n_fds, err) == 0)
		return 0;
	role_kill(role); /* it does not read, or is gone already */
	return err_at(err, "%s", role->label);
}

int
role_socket(const struct role *role)
{
	return role->sock;
}

void
role_works(struct role *role)
{
	role->deaths = 0;
}
