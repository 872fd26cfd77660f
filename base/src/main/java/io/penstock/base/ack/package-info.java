/** The acknowledgement core: how far a store has come, and how its waiters are woken. */
@NullMarked
package io.penstock.base.ack;

import org.jspecify.annotations.NullMarked;
