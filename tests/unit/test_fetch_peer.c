/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/frame.h"
#include "base/memfd.h"
#include "fetch/peer.h"

struct pair {
	struct peer peer;
	int core;
	unsigned char *space;
};

static int
set_up(void **state)
{
	struct pair *p = calloc(1, sizeof(*p));
	int fds[2];

	*state = p;
	p->space = malloc(FRAME_BUFFER);
	if (frame_pair(fds, NULL) < 0)
		return -1;
	p->core = fds[1];
	return peer_init(&p->peer, fds[0], NULL);
}

static int
tear_down(void **state)
{
	struct pair *p = *state;

	(void)close(p->core);
	(void)close(p->peer.sock);
	peer_done(&p->peer);
	free(p->space);
	free(p);
	return 0;
}

static void
tell(struct pair *p, uint32_t type, const struct buf *body)
{
	assert_int_equal(frame_send(p->core, type, body, NULL, 0, NULL), 0);
}

static void
acknowledge(int core, uint32_t folder, uint32_t validity, uint32_t uid)
{
	const struct fetch_ack ack = {folder, validity, &uid, 1};
	BUF_AUTO struct buf b = BUF_INIT;

	fetch_put_ack(&b, &ack);
	assert_int_equal(frame_send(core, FETCH_ACK, &b, NULL, 0, NULL), 0);
}

static void
announce(struct pair *p, uint32_t folder, uint32_t validity)
{
	const struct fetch_folder f = {folder, validity, 0, 0};
	struct frame frame;

	assert_int_equal(peer_send_folder(&p->peer, &f), 0);
	do {
		assert_int_equal(
		    frame_recv(p->core, p->space, &frame, NULL), 1);
		frame_close_fds(&frame);
	} while (frame.type != FETCH_FOLDER);
}

static void
take(struct pair *p, uint32_t folder, uint32_t validity, uint32_t uid)
{
	const struct fetch_taken t = {
	    .folder = folder, .uidvalidity = validity, .uid = uid};
	int fd;

	assert_int_equal(memfd_put("x", 1, &fd, NULL), 0);
	assert_int_equal(peer_send_taken(&p->peer, &t, fd, 1), 0);
}

static void
test_start(void **state)
{
	struct pair *p = *state;
	const struct fetch_folder_conf folder = {"INBOX", false};
	const struct fetch_start s = {.host = "h", .port = 993, .ca_file = "",
	    .connect_to = "", .user = "u", .secret = "top secret",
	    .folders = &folder, .n_folders = 1, .mark_with = "", .poll_s = 1,
	    .timeout_ms = 1, .max_message_bytes = 1};
	ARENA_AUTO struct arena *a = arena_new();
	BUF_AUTO struct buf b = BUF_INIT;
	struct fetch_start got;

	fetch_put_start(&b, &s);
	tell(p, FETCH_START, &b);
	assert_int_equal(peer_read_start(&p->peer, a, &got, NULL), 0);
	assert_string_equal(got.secret, "top secret");
	/* Nothing of it stays in the buffer. */
	assert_null(memmem(p->peer.space, FRAME_BUFFER, "secret", 6));
}

static void
test_start_must_be_first(void **state)
{
	struct pair *p = *state;
	ARENA_AUTO struct arena *a = arena_new();
	struct fetch_start got;
	struct err err;

	tell(p, FETCH_POLL, NULL);
	assert_int_equal(peer_read_start(&p->peer, a, &got, &err), -1);
	assert_int_equal(err.kind, ERR_BUG);
}

static void
test_words(void **state)
{
	struct pair *p = *state;

	assert_int_equal(peer_drain(&p->peer), 0);
	tell(p, FETCH_POLL, NULL);
	assert_int_equal(peer_drain(&p->peer), 0);
	assert_true(p->peer.poll);
	tell(p, FETCH_STOP, NULL);
	assert_int_equal(peer_drain(&p->peer), -1);
	assert_true(p->peer.stop);
	assert_false(p->peer.gone);
}

static void
test_closed(void **state)
{
	struct pair *p = *state;
	struct err why = {.kind = ERR_LATER, .what = "x"};

	(void)shutdown(p->core, SHUT_RDWR);
	assert_int_equal(peer_drain(&p->peer), -1);
	assert_true(p->peer.gone);
	assert_int_equal(p->peer.err.kind, ERR_NONE);
	assert_int_equal(peer_send_round(&p->peer, 1), -1);
	assert_int_equal(peer_send_trouble(&p->peer, &why, 1), -1);
}

/* What the core must not send ends everything, and is told. */
static void
test_breach(void **state)
{
	struct pair *p = *state;
	ARENA_AUTO struct arena *a = arena_new();
	struct fetch_trouble t;
	struct frame f;

	tell(p, FETCH_TAKEN, NULL);
	assert_int_equal(peer_drain(&p->peer), -1);
	assert_true(p->peer.gone);
	assert_int_equal(frame_recv(p->core, p->space, &f, NULL), 1);
	assert_int_equal(f.type, FETCH_TROUBLE);
	assert_int_equal(fetch_get_trouble(f.body, f.len, a, &t, NULL), 0);
	assert_int_equal(t.kind, ERR_BUG);
}

static void
test_ack_of_what_was_not_sent(void **state)
{
	struct pair *p = *state;

	announce(p, 0, 7);
	acknowledge(p->core, 0, 7, 1);
	assert_int_equal(peer_drain(&p->peer), -1);
	assert_int_equal(p->peer.err.kind, ERR_BUG);
}

static void
test_marks(void **state)
{
	struct pair *p = *state;

	announce(p, 1, 7);
	take(p, 1, 7, 3);
	take(p, 1, 7, 4);
	acknowledge(p->core, 1, 7, 3);
	assert_int_equal(peer_drain(&p->peer), 0);
	assert_int_equal(p->peer.to_mark[1].n, 1);
	/* The folder is made anew: what belongs to the old one is not marked
	 * in the new one. */
	announce(p, 1, 8);
	assert_int_equal(p->peer.to_mark[1].n, 0);
	acknowledge(p->core, 1, 7, 4);
	assert_int_equal(peer_drain(&p->peer), 0);
	assert_int_equal(p->peer.to_mark[1].n, 0);
	assert_int_equal(p->peer.window.n_sent, 0);
}

static void
test_known_of_an_earlier_question(void **state)
{
	struct pair *p = *state;
	struct fetch_known k = {.folder = 0, .uidvalidity = 6, .next = 5};
	BUF_AUTO struct buf b = BUF_INIT;
	BUF_AUTO struct buf c = BUF_INIT;

	announce(p, 0, 7);
	fetch_put_known(&b, &k);
	tell(p, FETCH_KNOWN, &b);
	assert_int_equal(peer_drain(&p->peer), 0);
	assert_false(p->peer.have_known);
	k.uidvalidity = 7;
	fetch_put_known(&c, &k);
	tell(p, FETCH_KNOWN, &c);
	assert_int_equal(peer_await_known(&p->peer), 0);
	assert_int_equal(p->peer.known.next, 5);
	/* A new question forgets the old answer. */
	announce(p, 0, 7);
	assert_false(p->peer.have_known);
}

static void
test_wait_ends_in_time(void **state)
{
	struct pair *p = *state;
	int64_t from_ms = clock_mono_ms();

	assert_int_equal(peer_wait(&p->peer, from_ms + 50), 0);
	assert_in_range(clock_mono_ms() - from_ms, 50, 60000);
	assert_int_equal(peer_wait(&p->peer, from_ms), 0);
}

/* A core that first says a lot and only then begins to read. */
static void *
chatter(void *arg)
{
	struct pair *p = arg;
	struct pollfd full = {.fd = p->peer.sock, .events = POLLOUT};
	struct frame f;

	for (uint32_t uid = 1; uid <= 128; uid++)
		acknowledge(p->core, 0, 7, uid);
	/* The other end is full, and stays so for a while. */
	while (poll(&full, 1, 0) == 1)
		(void)usleep(1000);
	(void)usleep(300000);
	for (int i = 0; i < 3000; i++) {
		if (frame_recv(p->core, p->space, &f, NULL) != 1)
			break;
		frame_close_fds(&f);
	}
	return NULL;
}

static void
test_two_full_sockets_do_not_deadlock(void **state)
{
	struct pair *p = *state;
	struct frame f;
	pthread_t core;

	announce(p, 0, 7);
	for (uint32_t uid = 1; uid <= 128; uid++) {
		take(p, 0, 7, uid);
		assert_int_equal(frame_recv(p->core, p->space, &f, NULL), 1);
		frame_close_fds(&f);
	}
	assert_int_equal(pthread_create(&core, NULL, chatter, p), 0);
	for (uint32_t i = 0; i < 3000; i++)
		assert_int_equal(peer_send_round(&p->peer, i), 0);
	assert_int_equal(pthread_join(core, NULL), 0);
	assert_int_equal(peer_drain(&p->peer), 0);
	assert_int_equal(p->peer.window.n_sent, 0);
	/* The time is known, so that no server is blamed for it. */
	assert_true(p->peer.waited_ms > 100);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_start),
	    TEST(test_start_must_be_first),
	    TEST(test_words),
	    TEST(test_closed),
	    TEST(test_breach),
	    TEST(test_ack_of_what_was_not_sent),
	    TEST(test_marks),
	    TEST(test_known_of_an_earlier_question),
	    TEST(test_wait_ends_in_time),
	    TEST(test_two_full_sockets_do_not_deadlock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
