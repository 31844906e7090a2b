/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include "store/query.h"

static void
every_statement_can_be_prepared(void **state)
{
	struct world *w = *state;

	world_reopen(w, STORE_WRITE);
	ok(w, query_prepare_all(w->s, &w->err));
	for (int i = 0; i < STATEMENT_COUNT; i++)
		assert_non_null(w->s->stmts[i]);
}

/* Those that are meant to walk a whole table, and why that is right. */
static const struct {
	enum statement id;
	const char *scan;
} walks[] = {
	{Q_EVENTS_ALL, "SCAN event"}, /* the audit reads everything */
	{Q_LEDGER, "SCAN event"},     /* so does the whole book */
	{Q_CORRECTIONS, "SCAN correction"}, /* the rules learn from all */
	{Q_LIST_ALL, "SCAN c"},       /* so does a list of everything */
	{Q_LIST_RECENT, "SCAN c"},    /* backwards, and stops at its limit */
	{Q_EVENT_LAST, "SCAN event"}, /* backwards, and stops at one */
	{Q_EVENT_ADD, "SCAN event"},  /* max(id) of the trigger: the same */
	{Q_SIZE, "SCAN pragma_page_count VIRTUAL TABLE INDEX 0:"},
	{Q_SIZE, "SCAN pragma_page_size VIRTUAL TABLE INDEX 0:"},
	/* References to a message that came before it: only while some are
	 * outstanding, and ours are never deferred. */
	{Q_MESSAGE_ADD, "SCAN clue"},
	{Q_MESSAGE_ADD, "SCAN journal"},
	{Q_MESSAGE_ADD, "SCAN answer"},
	{Q_CLUE_ADD, "SCAN answer"},
	{Q_EVENT_ADD, "SCAN form"}, /* one row a month; likewise */
	{Q_EVENT_ADD, "SCAN unit_report"}, /* a dozen a month */
	{Q_MESSAGE_ADD, "SCAN unit_report"},
	{Q_EVENT_BY_HASH, "SCAN event"}, /* an audit */
	{Q_FIND, "SCAN clue_find VIRTUAL TABLE INDEX 192:M1<"},
	{Q_FIND_LAST, "SCAN clue"}, /* backwards, and stops at one */
	/* In order of what is asked first, and stops there. */
	{Q_LETTER_NEXT, "SCAN letter USING INDEX letter_ready"},
	/* The reconciliation counts everything, once a day: narrow indexes in
	 * order, no row and no sorting. */
	{Q_SEEN_ALL, "SCAN journal USING COVERING INDEX journal_at"},
	{Q_KINDS_ALL, "SCAN message USING COVERING INDEX message_kind"},
	/* No more than a cap has. */
	{Q_SENT_COUNT, "SCAN (subquery-1)"},
	{Q_SENT_TO_COUNT, "SCAN (subquery-1)"},
	/* All that these hold is the answer. */
	{Q_BY_HAND_ALL, "SCAN message USING INDEX message_by_hand"},
	{Q_TIPS_LOST, "SCAN message USING INDEX message_lost"},
	{Q_LETTERS_WAITING, "SCAN letter USING INDEX letter_ready"},
	/* Only those that wait. */
	{Q_LETTERS_STUCK, "SCAN letter USING INDEX letter_ready"},
	/* Once a day, and when a person asks: all of it, by small indexes. */
	{Q_BOOKS_NUMBERS, "SCAN n"},
	{Q_BOOKS_TALLY, "SCAN message USING COVERING INDEX message_kind"},
	{Q_BOOKS_TALLY, "SCAN clue USING COVERING INDEX clue_state"},
	{Q_BOOKS_TALLY, "SCAN letter"},
	{Q_BOOKS_TALLY, "SCAN real"},
	{Q_BOOKS_TALLY, "SCAN noted"},
	{Q_BOOKS_TALLY, "SCAN (subquery-6)"},
	{Q_BOOKS_TALLY, "SCAN (subquery-9)"},
	{Q_BOOKS_TALLY, "SCAN (subquery-10)"},
	{Q_FSCK_JOURNAL, "SCAN journal"},
	{Q_FSCK_MESSAGES, "SCAN message"},
	{Q_FSCK_MESSAGES, "SCAN journal"},
	{Q_FSCK_EVENTS, "SCAN c USING COVERING INDEX clue_received"},
	{Q_FSCK_SIZES, "SCAN CONSTANT ROW"},
	{Q_FSCK_SIZES, "SCAN message USING COVERING INDEX message_kind"},
	{Q_FSCK_SIZES,
	    "SCAN letter USING COVERING INDEX letter_message_id"},
	{Q_BOOKS_MISSING, "SCAN journal USING INDEX journal_again"},
};

static bool
may_scan(enum statement id, const char *detail)
{
	for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++)
		if (walks[i].id == id && strcmp(walks[i].scan, detail) == 0)
			return true;
	return false;
}

static void
explain(struct world *w, enum statement id,
    void (*look)(enum statement id, const char *detail, void *arg), void *arg)
{
	sqlite3_stmt *stmt = NULL;
	char *sql = sqlite3_mprintf(
	    "EXPLAIN QUERY PLAN %s", statement_sql(id));

	assert_int_equal(
	    sqlite3_prepare_v2(w->s->db, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		look(id, (const char *)sqlite3_column_text(stmt, 3), arg);
	(void)sqlite3_finalize(stmt);
	sqlite3_free(sql);
}

static void
no_walk(enum statement id, const char *detail, void *arg)
{
	(void)arg;
	if (strncmp(detail, "SCAN", 4) == 0 && !may_scan(id, detail))
		fail_msg("%s\n%s", statement_sql(id), detail);
}

static void
no_statement_walks_a_table(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < STATEMENT_COUNT; i++)
		if (strncmp(statement_sql((enum statement)i), "PRAGMA", 6) !=
		    0)
			explain(w, (enum statement)i, no_walk, NULL);
}

static void
note_index(enum statement id, const char *detail, void *arg)
{
	char *all = arg;
	size_t len = strlen(all);

	(void)id;
	(void)snprintf(all + len, 1000 - len, "%s\n", detail);
}

static void
each_question_has_its_index(void **state)
{
	static const struct {
		enum statement id;
		const char *want;
		bool sorts;
	} t[] = {
	    {Q_FOLDER_FIND, "(mailbox=? AND name=? AND uidvalidity=?)", false},
	    {Q_JOURNAL_OUTCOME, "PRIMARY KEY (folder=? AND uid=?)", false},
	    {Q_JOURNAL_AGAIN, "journal_again (folder=?)", false},
	    {Q_JOURNAL_DONE, "PRIMARY KEY (folder=? AND uid>?)", false},
	    {Q_MESSAGE_FIND, "(sha256=?)", false},
	    {Q_MESSAGE_FIND_SAME, "message_content (content_key=?)", false},
	    {Q_MESSAGES_OF_CLUE, "message_clue (clue=?)", false},
	    {Q_MESSAGES_OF_KIND, "message_kind (kind=?)", false},
	    {Q_CLUE_BY_NUMBER, "(number=?)", false},
	    {Q_EVENTS, "event_clue (clue=?)", false},
	    {Q_EVENTS_OF_NONE, "event_of_none (kind=?)", false},
	    {Q_EVENTS_SEALED, "event_clue (clue=?)", false},
	    {Q_CLUE_BRIEF, "event_clue (clue=?)", false},
	    {Q_FORM, "PRIMARY KEY (kind=? AND period=?)", false},
	    {Q_FORMS, "PRIMARY KEY (kind=?)", false},
	    {Q_FIND_DOMAIN, "clue_domain (domain=?)", false},
	    {Q_FIND_OFFICER, "clue_officer (officer=?)", false},
	    {Q_FIND_STATE, "clue_state (state=?)", false},
	    {Q_FIND_AREA, "clue_area (area=?)", false},
	    {Q_FIND_RECEIVED, "clue_received (received_s>? AND", false},
	    {Q_DEADLINES, "deadline_clue (clue=?)", false},
	    {Q_LIST_DEADLINES, "COVERING INDEX deadline_clue (clue=?)", false},
	    {Q_DEADLINES_TO_ASK, "deadline_ask (ask_s>? AND ask_s<?)", false},
	    {Q_DEADLINE_NEXT, "deadline_ask", false},
	    {Q_SENT_COUNT, "letter_sent (sent_s>? AND sent_s<?)", false},
	    {Q_SENT_TO_COUNT,
		"letter_sent_to (rcpt_to=? AND sent_s>? AND sent_s<?)",
		false},
	    {Q_LETTERS_READY, "letter_ready (next_try_s<?)", false},
	    {Q_LETTER_AHEAD, "letter_ready (next_try_s>?)", false},
	    {Q_LETTERS_PULL, "letter_ready (next_try_s>?)", false},
	    {Q_LETTER_BY_MESSAGE_ID, "letter_message_id (message_id=?)",
		false},
	    {Q_LETTERS_RECOVER, "letter_sending (state=?)", false},
	    {Q_LETTERS, "letter_clue (clue=?)", false},
	    {Q_LETTERS_CITIZEN, "letter_citizen (created_s>?)", false},
	    {Q_LETTERS_CANCEL, "letter_clue (clue=?)", false},
	    {Q_MESSAGE_FIND_REPLY,
		"message_content (content_key=? AND rowid<?)", false},
	    {Q_TURN, "event_clue (clue=?)", false},
	    {Q_CLUE_FIRST, "INTEGER PRIMARY KEY (rowid=?)", false},
	    {Q_CODE, "INTEGER PRIMARY KEY (rowid=?)", false},
	    {Q_UNIT_REPORTS, "unit_report_period (period=?)", true},
	    {Q_UNIT_FIGURES, "PRIMARY KEY (report=?)", false},
	    {Q_PRINT_FIND, "PRIMARY KEY (key=?)", false},
	    {Q_PRINT_SIGN, "INTEGER PRIMARY KEY (rowid=?)", false},
	    {Q_RELATED_BRIEF, "INTEGER PRIMARY KEY (rowid=?)", false},
	    {Q_LINKS, "PRIMARY KEY (clue=?)", true},
	    {Q_LINKS, "clue_link_other (other=?)", true},
	    {Q_LIST_OVERDUE, "deadline_open (due_s<?)", false},
	    {Q_LIST_OVERDUE, "INTEGER PRIMARY KEY (rowid=?)", false},
	    {Q_LIST_TRIAGE, "clue_triage (triage=?)", false},
	    {Q_LIST_RECEIVED, "clue_received (received_s>? AND received_s<?)",
		true},
	    {Q_LEDGER_BETWEEN, "event_at (at_s>? AND at_s<?)", true},
	    {Q_LIST_OFFICER, "clue_officer (officer=?)", false},
	    {Q_LIST_STATE, "clue_state (state=?)", false},
	    {Q_LIST_AREA, "clue_area (area=?)", false},
	    {Q_LIST_DOMAIN, "clue_domain (domain=?)", false},
	    {Q_MAJOR_WHY, "INTEGER PRIMARY KEY (rowid=?)", false},
	    {Q_MAJORS_OPEN, "clue_state (state=?)", true},
	    {Q_MAJORS_OPEN, "m USING INTEGER PRIMARY KEY (rowid=?)", true},
	    {Q_OPEN_DEADLINES, "deadline_open (due_s>? AND due_s<?)", false},
	    {Q_OPEN_DEADLINES, "c USING INTEGER PRIMARY KEY", false},
	    {Q_NEW_BY_DOMAIN, "clue_received (received_s>? AND received_s<?)",
		true},
	    {Q_CLUES_OPEN, "clue_state (state=?)", false},
	    {Q_CLUES_CAME, "clue_received (received_s>? AND", false},
	    {Q_COUNT_STATE, "PRIMARY KEY (what=? AND key=?)", false},
	    {Q_STEPS_AFTER, "e USING INTEGER PRIMARY KEY (rowid>?)", false},
	    {Q_STEPS_AFTER, "c USING INTEGER PRIMARY KEY (rowid=?)", false},
	    {Q_EVENT_BEFORE, "event_at (at_s<?)", false},
	    {Q_LETTERS_TROUBLE, "letter_trouble (created_s>?)", false},
	    {Q_SEEN_BETWEEN, "journal_at (at_s>? AND at_s<?)", true},
	    {Q_SEEN_BETWEEN, "m USING INTEGER PRIMARY KEY", true},
	    {Q_BY_HAND_BETWEEN, "message_by_hand (received_s>? AND", true},
	    {Q_KINDS_ALL, "COVERING INDEX message_kind", false},
	    {Q_COUNT_OVERDUE, "COVERING INDEX deadline_open (due_s<?)", true},
	};
	struct world *w = *state;
	char plan[1000];

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		plan[0] = '\0';
		explain(w, t[i].id, note_index, plan);
		if (strstr(plan, t[i].want) == NULL ||
		    (strstr(plan, "TEMP B-TREE") != NULL && !t[i].sorts))
			fail_msg("%s\nwant %s in\n%s", statement_sql(t[i].id),
			    t[i].want, plan);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(every_statement_can_be_prepared),
	    T(no_statement_walks_a_table),
	    T(each_question_has_its_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
