/** What the load generator sends: marked events, over each protocol. */
@NullMarked
package io.penstock.tools.bench.wire;

import org.jspecify.annotations.NullMarked;
