/** Reads the spool into the lanes, and watches what the partition keys look like. */
@NullMarked
package io.penstock.delivery.sender.read;

import org.jspecify.annotations.NullMarked;
