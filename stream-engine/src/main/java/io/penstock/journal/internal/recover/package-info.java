/** What opens a log again: it finds the last durable entry and tells a torn tail from damage. */
@NullMarked
package io.penstock.journal.internal.recover;

import org.jspecify.annotations.NullMarked;
