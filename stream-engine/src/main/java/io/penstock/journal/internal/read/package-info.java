/** Reads entries: the latest from memory, others from the segments. */
@NullMarked
package io.penstock.journal.internal.read;

import org.jspecify.annotations.NullMarked;
