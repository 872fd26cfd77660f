# Makes fluentd-json.txt: msgpack in hex, a space, and the JSON that Fluentd's formatter makes of it (format_json with Oj, as
# fluent/oj_options.rb sets it up). With the argument data-key it makes fluentd-data-key.txt: of the scalars among them, what
# fluent-plugin-kinesis makes of one that data_key names (to_s). Written by Ruby 3.1.2, msgpack 1.4.2 and Oj 3.14.2:
#
#   apt-get install ruby ruby-oj ruby-msgpack
#   ruby fluentd-json.rb > fluentd-json.txt
#   ruby fluentd-json.rb data-key > fluentd-data-key.txt
require 'oj'
require 'msgpack'

Oj.default_options = { bigdecimal_load: :float, mode: :compat, use_to_json: true }

# What fluent/time.rb makes of an EventTime within a record.
EventTime = Struct.new(:sec, :nsec) do
  def to_json(*) = sec.to_s
  def to_s = sec.to_s
  def self.from(data) = new(*data.unpack('NN'))
end

FACTORY = MessagePack::Factory.new
FACTORY.register_type(0, EventTime, unpacker: EventTime.method(:from), packer: ->(t) { [t.sec, t.nsec].pack('NN') })

DATA_KEY = ARGV == ['data-key']

def row(bytes)
  value = FACTORY.load(bytes)
  if !DATA_KEY
    puts "#{bytes.unpack1('H*')} #{Oj.dump(value)}"
  elsif [Numeric, String, EventTime, TrueClass, FalseClass].any? { |type| value.is_a?(type) } && !value.to_s.include?("\n")
    puts "#{bytes.unpack1('H*')} #{value}"
  end
end

def hex(digits) = row([digits.delete(' ')].pack('H*'))

def double(value) = row("\xcb".b + [value].pack('G'))

def float(value) = row("\xca".b + [value].pack('g'))

# Text: controls, quotes, slash, DEL, two to four bytes, U+2028, U+2029, C1 controls, HTML.
hex 'a9 00 1f 22 5c 0a 0d 09 08 0c'
hex 'a4 2f 7f 61 62'
hex 'a9 c3a9 e282ac f09f9880'
hex 'a6 e280a8 e280a9'
hex 'a7 c280 c29f efbbbf'
hex 'a6 3c2f613e2627'
hex 'a0'
row(('long text ' * 40).to_msgpack)
# Binary.
hex 'c4 02 61 62'
hex 'c4 05 c3a9 00 22 5c'
# Integers, nil, booleans.
[0, 127, 128, -1, -32, -33, 1 << 53, (1 << 53) + 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, -(1 << 63)].each { |n| row n.to_msgpack }
hex 'c0'
hex 'c2'
hex 'c3'
# Maps and arrays, also empty ones; keys that are no text but have only one way to be written.
hex '80'
hex '90'
hex '83 a1 61 93 01 cb 3fb999999999999a a3 616263 a1 62 81 a1 63 c0 a0 80'
hex '84 01 02 ff 03 c3 04 c2 05'
hex '82 c4 01 61 01 a2 c3a9 02'
# An EventTime.
hex '81 a1 74 d7 00 6553f100 00000001'
# Floats.
[0.0, -0.0, 1.0, 7.0, -3.0, 1.5, 100.25, 0.1 + 0.2, 1e-4, 1e-5, 1e-7, 1.5e300, 1e14, 1e15, 1e16, 1e18, 1e19, 1e20, 2.0**53, 2.0**63,
 -2.0**63, -1e20, 1e23, 8.41e21, 2e23, 1.0e-322, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.00012345].each { |v| double v }
[0.1, 1.5, 1.0, 3.4e38, 1e-7, 16_777_216.0, 21.7].each { |v| float v }
[Float::NAN, Float::INFINITY, -Float::INFINITY].each { |v| double v } if DATA_KEY
row "\xd7\x00eS\xF1\x00\x00\x00\x00\x01".b if DATA_KEY
random = Random.new(20)
(-1074..1023).step(13) { |exponent| double 2.0**exponent }
100.times { double random.rand(1 << 64).then { |bits| [bits].pack('Q').unpack1('D') }.then { |v| v.finite? ? v : 0.5 } }
100.times { double random.rand * 10.0**(random.rand(40) - 20) }
100.times { double random.rand(1_000_000) / 1000.0 }
(-25..25).each { |exponent| ['1', '9.999999999999999', '1.2345678901234567'].each { |digits| double "#{digits}e#{exponent}".to_f } }
