/** What takes entries in: one open batch, its memory, and the room that it has in a segment. */
@NullMarked
package io.penstock.journal.internal.append;

import org.jspecify.annotations.NullMarked;
