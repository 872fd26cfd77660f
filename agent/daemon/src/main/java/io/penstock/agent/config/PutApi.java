package io.penstock.agent.config;

/** Which call of the Kinesis API carries the records. */
public enum PutApi implements Keyword {
    /** Up to 500 records per call. */
    PUT_RECORDS("put-records"),
    /** One record per call, its data base64 in JSON. */
    PUT_RECORD("put-record");

    private final String keyword;

    PutApi(String keyword) {
        this.keyword = keyword;
    }

    @Override
    public String keyword() {
        return keyword;
    }
}
