/** Recovery: finds the last durable entry and distinguishes a torn tail from damage. */
@NullMarked
package io.penstock.journal.internal.recover;

import org.jspecify.annotations.NullMarked;
