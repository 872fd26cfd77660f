package io.penstock.mqtt.session;

/**
 * What ties a publish to its session in the store of both: a handler that keeps {@link SessionStore} and records on one
 * disk stores the mark with the record, atomically. Other handlers ignore it; then the publish is known again as long as
 * the process runs.
 */
public interface PublishMark {}
