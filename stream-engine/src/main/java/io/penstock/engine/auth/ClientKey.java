package io.penstock.engine.auth;

/**
 * One client's access key.
 *
 * @param name of the client, for messages
 */
public record ClientKey(String name, String accessKeyId, String secret) {
    @Override
    public String toString() {
        return "ClientKey[name=" + name + ", accessKeyId=" + accessKeyId + "]";
    }
}
