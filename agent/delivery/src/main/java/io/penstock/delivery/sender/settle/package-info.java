/** Processes answers: their effect on the records of the call, on the stream's health, and on its shard map. */
@NullMarked
package io.penstock.delivery.sender.settle;

import org.jspecify.annotations.NullMarked;
