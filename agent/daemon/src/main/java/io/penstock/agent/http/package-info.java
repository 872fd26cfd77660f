/** The HTTP source: records posted to a stream are answered once they are durable. */
@NullMarked
package io.penstock.agent.http;

import org.jspecify.annotations.NullMarked;
