/**
 * The two wire protocols, JSON 1.1 and CBOR 1.1, and the constraints of the API model.
 */
@NullMarked
package io.penstock.engine.wire;

import org.jspecify.annotations.NullMarked;
