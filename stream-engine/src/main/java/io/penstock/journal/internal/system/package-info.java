/** What the logs of one process share. */
@NullMarked
package io.penstock.journal.internal.system;

import org.jspecify.annotations.NullMarked;
