/** Reads the spool into the lanes, and diagnoses the partition keys. */
@NullMarked
package io.penstock.delivery.sender.read;

import org.jspecify.annotations.NullMarked;
