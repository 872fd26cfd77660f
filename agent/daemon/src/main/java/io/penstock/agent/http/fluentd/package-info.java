/** {@code POST /{tag}} as Fluentd's HTTP input takes it: events with a tag, which go where those of forward go. */
@NullMarked
package io.penstock.agent.http.fluentd;

import org.jspecify.annotations.NullMarked;
