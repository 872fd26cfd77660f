/** How records in lanes become calls: which ones, how many, and aggregated into which Kinesis records. */
@NullMarked
package io.penstock.delivery.sender.call;

import org.jspecify.annotations.NullMarked;
