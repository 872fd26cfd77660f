package io.penstock.logback;

/**
 * {@code <field><name>service.name</name><value>shop</value></field>}: a field that every event gets. Not thread-safe.
 */
public final class Field {
    private String name = "";
    private String value = "";

    public void setName(String fieldName) {
        name = fieldName;
    }

    public void setValue(String fieldValue) {
        value = fieldValue;
    }

    String name() {
        return name;
    }

    String value() {
        return value;
    }
}
