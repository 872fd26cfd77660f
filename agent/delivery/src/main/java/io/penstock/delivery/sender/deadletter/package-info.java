/** The files of records that were refused for good. */
@NullMarked
package io.penstock.delivery.sender.deadletter;

import org.jspecify.annotations.NullMarked;
