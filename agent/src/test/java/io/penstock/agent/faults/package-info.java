/** A Kinesis endpoint that misbehaves on request: a proxy in front of a stream engine, for tests and by hand. */
@NullMarked
package io.penstock.agent.faults;

import org.jspecify.annotations.NullMarked;
