/** The Kinesis API as a source: puts go to the spools, other calls are passed on to the targets. */
@NullMarked
package io.penstock.agent.kinesisapi;

import org.jspecify.annotations.NullMarked;
