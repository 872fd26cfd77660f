/** The log itself: appender, writer, segments and readers tied together. */
@NullMarked
package io.penstock.journal.internal;

import org.jspecify.annotations.NullMarked;
