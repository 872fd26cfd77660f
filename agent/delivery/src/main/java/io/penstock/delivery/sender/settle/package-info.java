/** What an answer means for the records of its call, for the stream and for its shard map. */
@NullMarked
package io.penstock.delivery.sender.settle;

import org.jspecify.annotations.NullMarked;
