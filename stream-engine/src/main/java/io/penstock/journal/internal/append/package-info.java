/** Accepts entries: the open batch, its memory, and its room in a segment. */
@NullMarked
package io.penstock.journal.internal.append;

import org.jspecify.annotations.NullMarked;
