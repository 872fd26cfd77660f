/** Acknowledge after the data is durable: how far a store has come, and how those that wait for it are told. */
@NullMarked
package io.penstock.base.ack;

import org.jspecify.annotations.NullMarked;
