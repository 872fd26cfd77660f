/** The workers, each a process of its own, and the leases by which they share the shards. */
@NullMarked
package io.penstock.tools.demo.worker;

import org.jspecify.annotations.NullMarked;
