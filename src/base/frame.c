/* SPDX-License-Identifier: ISC */
#include "base/frame.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"

/* What stands in front of every body. */
struct head {
	uint32_t type;
	uint32_t len;
};

_Static_assert(sizeof(struct head) == 8, "FRAME_BUFFER has 8 bytes for it");

int
frame_pair(int fds_out[2], struct err *err)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds_out) < 0)
		return err_errno(err, errno, "socketpair");
	return 0;
}

static void
attach_fds(struct msghdr *msg, char *control, const int *fds, size_t n)
{
	struct cmsghdr *c;

	msg->msg_control = control;
	msg->msg_controllen = CMSG_SPACE(n * sizeof(int));
	c = CMSG_FIRSTHDR(msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(c), fds, n * sizeof(int));
}

int
frame_send(int sock, uint32_t type, const struct buf *body, const int *fds,
    size_t n_fds, struct err *err)
{
	_Alignas(struct cmsghdr) char
	    control[CMSG_SPACE(MAX_FRAME_FDS * sizeof(int))] = {0};
	size_t len = body != NULL ? body->len : 0;
	struct head head = {htole32(type), htole32((uint32_t)len)};
	struct iovec iov[2] = {{&head, sizeof(head)},
	    {body != NULL ? body->data : NULL, len}};
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = len > 0 ? 2 : 1};
	ssize_t n;

	if (len > MAX_FRAME_BYTES || n_fds > MAX_FRAME_FDS ||
	    (body != NULL && buf_bad(body)))
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "frame %u of %zu bytes with %zu descriptors", type, len,
		    n_fds);
	if (n_fds > 0)
		attach_fds(&msg, control, fds, n_fds);
	do
		n = sendmsg(sock, &msg, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_errno(err, errno, "send frame %u", type);
	return 0;
}

static void
take_fds(struct msghdr *msg, struct frame *f)
{
	struct cmsghdr *c;
	size_t n;

	for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		if (n > MAX_FRAME_FDS - f->n_fds)
			n = MAX_FRAME_FDS - f->n_fds;
		memcpy(f->fds + f->n_fds, CMSG_DATA(c), n * sizeof(int));
		f->n_fds += n;
	}
}

static int
check(const struct msghdr *msg, const struct head *head, size_t n,
    struct frame *f, struct err *err)
{
	if ((msg->msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 ||
	    n < sizeof(*head) || le32toh(head->len) != n - sizeof(*head)) {
		frame_close_fds(f);
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "frame cut or of a wrong length (%zu bytes)", n);
	}
	f->type = le32toh(head->type);
	f->len = n - sizeof(*head);
	return 1;
}

int
frame_recv(int sock, unsigned char *buffer, struct frame *f, struct err *err)
{
	_Alignas(struct cmsghdr) char
	    control[CMSG_SPACE(MAX_FRAME_FDS * sizeof(int))];
	struct iovec iov = {buffer, FRAME_BUFFER};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = control, .msg_controllen = sizeof(control)};
	struct head head = {0, 0};
	ssize_t n;

	do
		n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0 && (errno == ECONNRESET || errno == EPIPE))
		return 0;
	if (n < 0)
		return err_errno(err, errno, "receive frame");
	*f = (struct frame){.body = buffer + sizeof(head),
	    .fds = {-1, -1, -1, -1}};
	take_fds(&msg, f);
	if (n == 0)
		return 0;
	if ((size_t)n >= sizeof(head))
		memcpy(&head, buffer, sizeof(head));
	return check(&msg, &head, (size_t)n, f, err);
}

void
frame_close_fds(struct frame *f)
{
	for (size_t i = 0; i < f->n_fds; i++) {
		if (f->fds[i] >= 0)
			(void)close(f->fds[i]);
		f->fds[i] = -1;
	}
	f->n_fds = 0;
}
