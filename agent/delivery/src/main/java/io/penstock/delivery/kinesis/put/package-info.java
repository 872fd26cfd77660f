/** PutRecords and PutRecord: their bodies, their answers, and the checksums of aggregated records. */
@NullMarked
package io.penstock.delivery.kinesis.put;

import org.jspecify.annotations.NullMarked;
