package io.penstock.journal;

import java.nio.file.Path;

/**
 * Entries that were durable and can no longer be read.
 *
 * @param segment the file
 * @param fromPosition first damaged byte in it
 * @param toPosition one past the last damaged byte
 * @param fromOffset first offset lost
 * @param toOffset one past the last offset lost
 */
public record DamagedRange(Path segment, long fromPosition, long toPosition, long fromOffset, long toOffset) {}
