/** What reads entries back: from the memory of what was written last, else from the segments. */
@NullMarked
package io.penstock.journal.internal.read;

import org.jspecify.annotations.NullMarked;
