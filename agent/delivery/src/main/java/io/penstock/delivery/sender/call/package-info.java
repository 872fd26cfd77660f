/** Forms calls from the records in lanes: the choice of records, the size, and the aggregation into Kinesis records. */
@NullMarked
package io.penstock.delivery.sender.call;

import org.jspecify.annotations.NullMarked;
