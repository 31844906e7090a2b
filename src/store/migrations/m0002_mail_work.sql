-- SPDX-License-Identifier: ISC
-- Schema 1 to 2: work by mail, sheets, units' reports, links between clues.
SELECT 1;
