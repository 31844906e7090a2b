/* SPDX-License-Identifier: ISC */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* Every limit of the program, one line and one reason each. */

/* -- messages ---------------------------------------------------------- */
/* Largest message taken whole; providers stop at 50 MB, base64 included. */
#define MAX_MESSAGE_BYTES (64UL << 20)
/* What of a larger message is taken: headers and the first text parts. */
#define MAX_OVERSIZE_TAKEN (1UL << 20)
/* Header block that is read; real ones stay under 64 KB. */
#define MAX_HEADER_BYTES (256UL << 10)
/* Header fields that are read; mails through ten hops have 100. */
#define MAX_HEADER_LINES 1000
/* MIME nesting; forwarded forwards reach 10, attacks 100,000. */
#define MAX_MIME_DEPTH 50
/* MIME parts of one message; digests reach 200. */
#define MAX_MIME_PARTS 1000
/* Attachments kept in the index of one message. */
#define MAX_ATTACHMENTS 200
/* Decoded text of one message, bytes of UTF-8; a novel is 1 MB. */
#define MAX_TEXT_BYTES (2UL << 20)
/* Bytes of a decoded subject or display name; RFC 5322 lines end at 998. */
#define MAX_SUBJECT_BYTES 1000
#define MAX_NAME_BYTES 255
/* Bytes of an address: RFC 5321 4.5.3.1.3 has 256 with the brackets. */
#define MAX_ADDRESS_BYTES 254
/* Addresses kept of To and Cc. */
#define MAX_ADDRESSES 100
/* Message-IDs kept of References; threads keep the first and the last. */
#define MAX_REFERENCES 100
/* A Message-ID's bytes: one header line, RFC 5322 2.1.1. */
#define MAX_MESSAGE_ID_BYTES 998
/* Photos cleaned and sent along with a notice. */
#define MAX_PHOTOS 20
/* One line that was found in headers and reports; RFC 5322 2.1.1. */
#define MAX_SIGN_BYTES 998
/* A link to a provider's cloud; theirs have 100 to 400 bytes. */
#define MAX_LINK_BYTES 2000
/* Bytes of all cleaned photos of one message: fits most mailboxes' limit. */
#define MAX_PHOTO_BYTES (15UL << 20)

/* Lines that are told apart as own, quoted or signature; the rest of the text
 * goes with the last one.  2 MB of Chinese have 50,000. */
#define MAX_TEXT_LINES 200000
/* HTML elements kept track of; forwarded tables nest to 100, attacks more. */
#define MAX_HTML_DEPTH 256
/* A link's target that is written behind its text; beyond it is tracking. */
#define MAX_URL_BYTES 2000
/* Continuations of one MIME parameter (RFC 2231); real ones reach 10. */
#define MAX_PARAM_SECTIONS 200

/* -- spreadsheets that come by mail ------------------------------------ */
/* A unit's form has 10 KB, with a picture of the seal 1 MB. */
#define MAX_SHEET_FILE_BYTES (4UL << 20)
/* Of one message so many are looked into. */
#define MAX_SHEETS 3
/* All XML that is unpacked of one; 10 KB of zip can become 10 MB. */
#define MAX_SHEET_UNPACKED (16UL << 20)
/* Files in it, and worksheets among them. */
#define MAX_SHEET_ENTRIES 2000
#define MAX_SHEET_PARTS 16
/* Strings that its cells share. */
#define MAX_SHEET_STRINGS 20000
/* Cells with something in them, and where they may stand: our form has 80 in
 * 20 rows of five. */
#define MAX_SHEET_CELLS 2000
#define MAX_SHEET_ROW 1000
#define MAX_SHEET_COLUMN 64
/* Bytes of one cell's text, and of all. */
#define MAX_SHEET_CELL_BYTES 600
#define MAX_SHEET_TEXT (64UL << 10)

/* -- processes --------------------------------------------------------- */
/* Memory and CPU time of one parser child (RLIMIT_AS, RLIMIT_CPU): the worst
 * of 64 MB takes 1.5 s and 150 MB, and the worst 2 MB of text 1.9 s more until
 * it is searched for who wrote it; twice the size of the largest mail must fit
 * beside its decoded files. */
#define MAX_PARSER_MEMORY (512UL << 20)
#define MAX_PARSER_CPU_S 4
/* Wall time the core waits for one message's answer. */
#define MAX_PARSE_TIME_MS 15000
/* Most parser children at a time: one a core of the smallest machine. */
#define MAX_PARSER_CHILDREN 2
/* Jobs sent ahead to one child: enough that it never waits for the core. */
#define MAX_PARSER_FLIGHT 8
/* A text in which the citizen is hidden: at most every second byte becomes a
 * mark of thirty. */
#define MAX_HIDDEN_TIMES 16
/* What intake tells of a message (intake/told.h): such a text and subject, what
 * it is found by, and some hundred bytes. */
#define MAX_TOLD_BYTES                                        \
	(MAX_HIDDEN_TIMES * (MAX_TEXT_BYTES + MAX_SUBJECT_BYTES) + \
	    MAX_PAIRS_BYTES + 4096)
/* A decoded message on its way to the core: three texts, photos, files where
 * they were asked for, what is told of it, the rest. */
#define MAX_PARSED_BYTES                                        \
	(3 * MAX_TEXT_BYTES + MAX_PHOTO_BYTES + MAX_MESSAGE_BYTES + \
	    MAX_TOLD_BYTES + (4UL << 20))
/* Descriptors of a parser process: its socket, a message, two memfds. */
#define MAX_PARSER_FILES 32
/* A child without work ends after this. */
#define PARSER_LINGER_MS 250
/* Wall time until the zygote is ready, or must have buried a child. */
#define MAX_ZYGOTE_TIME_MS 10000
/* Times that a message may be under way when the zygote dies. */
#define MAX_PARSE_TRIES 3
/* Memory of a fetch process: one message, its copy, libraries. */
#define MAX_FETCH_MEMORY (768UL << 20)
/* One frame between our processes; larger things travel as memfds.  Below
 * the kernel's default socket buffer (net.core.wmem_default 212,992). */
#define MAX_FRAME_BYTES (96UL << 10)
/* Descriptors that ride on one frame. */
#define MAX_FRAME_FDS 4
/* Roles of every kind at once: core's table. */
#define MAX_MAILBOXES 16
#define MAX_FOLDERS 16

/* -- IMAP -------------------------------------------------------------- */
/* One line of a server's answer; UID lists of 10^6 mails have 8 MB. */
#define MAX_IMAP_LINE (8UL << 20)
/* Parentheses inside each other; ours need 4, attacks 100,000. */
#define MAX_IMAP_DEPTH 20
/* Messages and bytes that fetch sends ahead of the core's commit. */
#define MAX_WINDOW_MESSAGES 256
#define MAX_WINDOW_BYTES (32UL << 20)
/* Messages asked about (size, flags, date) in one command: 500 gave the best
 * throughput at 50 ms distance, more adds nothing. */
#define MAX_ASK_MESSAGES 500
/* Messages and bytes whose bodies are asked for in one command, and commands
 * on their way at a time: together they keep the server busy while the core
 * commits, and none outgrows the window. */
#define MAX_BODY_MESSAGES 64
#define MAX_BODY_BYTES (8UL << 20)
#define MAX_PIPELINE 4
/* A set of UIDs in a command; RFC 2683 3.2.1.5 warns of lines over 8,000. */
#define MAX_SET_BYTES 2000
/* Messages that broke a connection and are handled with care. */
#define MAX_SUSPECTS 16
/* UIDs in each list of FETCH_KNOWN: a mailbox of a million, twice over. */
#define MAX_KNOWN_UIDS (2U << 20)
/* A folder's name or keyword in UTF-8; servers stop near 255 characters. */
#define MAX_FOLDER_BYTES 1000

/* -- store ------------------------------------------------------------- */
/* Messages and bytes in one transaction, and the wait for more of them: half
 * a window, so that the other half is on its way.  Twice the messages write
 * the ends of each index half as often; more bytes than the pages held in
 * memory are written twice. */
#define MAX_GROUP_MESSAGES 128
#define MAX_GROUP_BYTES (8UL << 20)
#define MAX_GROUP_WAIT_MS 20
/* Wait for the other program's transaction; each of ours takes far less. */
#define MAX_STORE_WAIT_MS 5000
/* Pages of the file held in memory: the hot ends of every index. */
#define MAX_STORE_CACHE_KB 8192
/* Size of a page: 16 KB pages made small mail no faster and took twice the
 * memory. */
#define MAX_STORE_PAGE_BYTES 4096
/* Pages in the write-ahead log before they move to the file, and what
 * of the log stays on disk afterwards. */
#define MAX_STORE_WAL_PAGES 4000
#define MAX_STORE_WAL_BYTES 67108864
/* Working piece of stored bytes, and what is too small to be compressed. */
#define MAX_RAW_PART (256UL << 10)
#define MIN_RAW_PACKED 256
/* The same of letters that wait: a notice without files has 2,000 bytes and
 * would save half a page. */
#define MIN_LETTER_PACKED 4096
/* zstd's level: 1 packs mail within a tenth of what 3 does at twice the
 * speed. */
#define MAX_RAW_LEVEL 1

/* -- search ------------------------------------------------------------ */
/* Of a clue's subject and text so much can be found: a novel's chapter; more
 * is no tip, and must not hold the intake. */
#define MAX_FIND_BYTES (256UL << 10)
/* Their words in the index: of each character itself, the next and a blank. */
#define MAX_PAIRS_BYTES (3 * (MAX_FIND_BYTES + MAX_SUBJECT_BYTES))
/* Clues that are read one by one before filters are looked up as a whole:
 * where most clues pass, the first page is full by then. */
#define MAX_FIND_LOOKS 1000
/* Clues of a filter that are looked up while another may have fewer. */
#define MAX_FIND_IDS 200000
/* Clues that are read although the index was not asked: where filters leave
 * so few that is sooner done. */
#define MAX_FIND_FEW 3000
/* Places that are marked in one text. */
#define MAX_FIND_SPANS 64

/* -- clues on the same matter --------------------------------------------- */
/* Bytes of a tip that are compared with others: twenty pages. */
#define MAX_SIMILAR_BYTES (64UL << 10)
/* Clues that share one key and are looked at: the newest. */
#define MAX_SIMILAR_LOOKS 24
/* Links that one new clue gets; a thousandth copy hangs on the others. */
#define MAX_SIMILAR_LINKS 8
/* Clues shown as belonging together, reached over their links. */
#define MAX_RELATED 200

/* -- forms ------------------------------------------------------------- */
/* Characters (UTF-16) of a cell, and rows of a sheet: what Excel takes. */
#define MAX_CELL_CHARS 32767
#define MAX_SHEET_ROWS 1048576
/* Filed periods in a row that are searched for what was entered late: ten
 * years. */
#define MAX_LATE_PERIODS 120
/* A book that goes along with a letter; free mailboxes refuse at 20 MB. */
#define MAX_BOOK_BYTES (10UL << 20)
/* Characters of a clue's subject matter on a form: two lines of a cell. */
#define MAX_BRIEF_CHARS 60

/* -- SMTP -------------------------------------------------------------- */
/* A letter's bytes, photos included; free mailboxes refuse beyond 50 MB. */
#define MAX_LETTER_BYTES (40UL << 20)
/* Longest that a letter is tried: RFC 5321 4.5.4.1 has four to five days. */
#define MAX_LETTER_AGE_S (5 * 86400L)
/* Text of a server's reply that is kept; providers' longest have 400 bytes. */
#define MAX_REPLY_BYTES 800
/* Letters on one connection before a new one; providers stop at about 100
 * (163.com's MI:DMC) and do not say where. */
#define MAX_CONNECTION_LETTERS 50
/* Letters claimed, and under way to the send process, at once: what it takes
 * that it never waits while a group of results is written to disk.  No more
 * than may leave in a second, nor more bytes unless one alone has them. */
#define MAX_POST_LETTERS 64
#define MAX_POST_BYTES (2UL << 20)
/* Longest that results wait for others to be written together. */
#define MAX_POST_WAIT_MS 10
/* A connection without letters is given up before the server does it. */
#define MAX_SEND_IDLE_MS 15000
/* One that could not start up waits so long for letters on their way. */
#define MAX_SEND_LAME_MS 20
/* Memory of the send process: one letter, TLS, the resolver's thread. */
#define MAX_SEND_MEMORY (512UL << 20)
/* Host names (RFC 1035 2.3.4 has 255) and log-in names. */
#define MAX_HOST_BYTES 255
#define MAX_USER_BYTES 320
/* A path of the configuration (PATH_MAX). */
#define MAX_PATH_BYTES 4095

/* -- citizens ---------------------------------------------------------- */
/* Query codes an hour that may be wrong: at 7 ms each four seconds of work,
 * and no way into 64 bits. */
#define MAX_WRONG_CODES_HOUR 600

/* -- rules ------------------------------------------------------------- */
/* Bytes of one word of a rule in normal form; a long sentence has 200. */
#define MAX_WORD_BYTES 1000
/* Words of one term with `all`; a bit mask of 32 holds their state. */
#define MAX_TERM_WORDS 16
/* Steps of "late": beginning, middle, end, and some to spare. */
#define MAX_LATE_STEPS 8
/* Places of words that one text may have; a novel has 20,000. */
#define MAX_MATCHES 200000
/* PCRE2's match limit: stops patterns that try everything. */
#define MAX_PATTERN_STEPS 200000
/* PCRE2's heap limit in KiB, for the same. */
#define MAX_PATTERN_HEAP_KB 20480
/* Bytes of a text that a hit quotes; words farther apart are not joined. */
#define MAX_FOUND_BYTES 300

/* -- working time ------------------------------------------------------ */
/* Days that one calculation walks (a century): terms are weeks, and a term or
 * a calendar that is nonsense must not hold the core. */
#define MAX_CALENDAR_DAYS 40000

/* -- configuration ----------------------------------------------------- */
/* One configuration file. */
#define MAX_CONF_BYTES (16UL << 20)
/* Mistakes listed before the check gives up. */
#define MAX_CONF_ERRORS 200
/* Files that include each other, and all files that one file brings in. */
#define MAX_CONF_DEPTH 10
#define MAX_CONF_FILES 1000
/* Brackets inside brackets; the schema needs 8, libconfig's stack ends. */
#define MAX_CONF_NESTING 64
/* A password or token read from a file or a command. */
#define MAX_SECRET_BYTES 8192

/* -- time -------------------------------------------------------------- */
/* The last second that a calendar can show: the end of the year 9999. */
#define MAX_SECOND 253402300799LL

#endif
