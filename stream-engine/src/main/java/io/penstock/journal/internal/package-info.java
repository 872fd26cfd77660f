/** The log: connects appender, writer, segments and readers. */
@NullMarked
package io.penstock.journal.internal;

import org.jspecify.annotations.NullMarked;
