using System.Numerics;
using Apache.Arrow.Types;
using Apache.Arrow;
using Dlt.Batches.Values;
using Dlt.Destinations;
using Dlt.Json;
using Dlt.Parquet;
using Dlt.Schemas;
using Dlt.Sources.Cursors;
using Dlt.Types;
using Microsoft.Data.Sqlite;

namespace Dlt.Tests.Core.Types;

public sealed class ValueTests
{
    [Theory]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31")]
    [InlineData("2400-06-30T23:59:59.999999Z", "2400-06-30")]
    [InlineData("2255-06-05T23:59:59.999999Z", "2255-06-05")]
    [InlineData("1969-12-31T23:59:59.999999Z", "1969-12-31")]
    [InlineData("1600-01-01T23:59:59.999999Z", "1600-01-01")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01")]
    [InlineData("2024-01-02T00:00:00.1234567890123+00:30", "2024-01-01")]
    public void The_date_of_a_time_is_its_day(string time, string date)
    {
        Assert.True(IsoDateTime.TryParseTimestamp(time, out var timestamp));
        Assert.True(Coercion.TryCoerce(DataValue.Timestamp(timestamp), DataType.Date, out var day));
        Assert.Equal(date, day.ToString());
    }

    [Theory]
    [InlineData("2031-05-06T07:08:09.1Z", "2031-05-06T07:08:09.100000+00:00")]
    [InlineData("2031-05-06T07:08:09.1234567890Z", "2031-05-06T07:08:09.123456+00:00")]
    [InlineData("2031-05-06 07:08:09.9876543210123+02:00", "2031-05-06T07:08:09.987654+02:00")]
    [InlineData("2031-05-06T07:08:09.99999999999999999999999999999999Z", "2031-05-06T07:08:09.999999+00:00")]
    public void A_fraction_has_any_number_of_digits_of_which_six_count(string text, string expected)
    {
        Assert.True(IsoDateTime.TryParseTimestamp(text, out var timestamp));
        Assert.Equal(expected, timestamp.ToString());
        if (Dlt.Batches.Values.FastIso.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var micros))
            Assert.Equal(timestamp.UtcMicros, micros);
    }

    [Fact]
    public void The_last_value_of_an_integer_cursor_is_a_long_that_a_database_takes()
    {
        var last = Assert.IsType<long>(CursorValue.ToObject(JsonValue.Integer(42)));
        Assert.IsType<long>(CursorValue.ToObject(JsonValue.Integer(long.MinValue)));
        Assert.IsType<BigInteger>(CursorValue.ToObject(JsonValue.Integer(BigInteger.Pow(2, 70))));
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = new SqliteCommand("SELECT @last + 1", connection);
        command.Parameters.AddWithValue("@last", last);
        Assert.Equal(43L, command.ExecuteScalar());
    }

    [Theory]
    [InlineData(38, 50, "decimal(38,38)")]
    [InlineData(76, 50, "decimal(38,38)")]
    [InlineData(5, 9, "decimal(5,5)")]
    [InlineData(10, -2, "decimal(12,0)")]
    [InlineData(10, 2, "decimal(10,2)")]
    public void A_decimal_has_a_type_that_glue_has(int precision, int scale, string hive) =>
        Assert.Equal(hive, FileColumnTypes.NameOf(Column.Decimal("a", precision, scale), AthenaCapabilities.Default));

    [Fact]
    public void An_integer_of_more_than_64_bits_is_refused_by_name()
    {
        var amount = Column.Bigint("amount", bits: 100);
        var error = Assert.Throws<SchemaException>(() => FileColumnTypes.Of(amount, AthenaCapabilities.Default));
        Assert.Contains("'amount' is declared as an integer of 100 bits", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TimeUnit.Second, 0)]
    [InlineData(TimeUnit.Millisecond, null)]
    [InlineData(TimeUnit.Microsecond, null)]
    [InlineData(TimeUnit.Nanosecond, null)]
    public void The_precision_that_the_destination_has_anyway_does_not_stand_in_the_schema_of_an_arrow_column(
        TimeUnit unit, int? precision) =>
        Assert.Equal(precision, Batches.ArrowTypes.Column(
            new Field("seen", new TimestampType(unit, "UTC"), true), "seen", "items", AthenaCapabilities.Default).Precision);

    [Theory]
    [InlineData("203105", "%Y%m", "2031-05-01T00:00:00")]
    [InlineData("2031-05", "%Y-%m", "2031-05-01T00:00:00")]
    public void A_text_cursor_may_be_a_month(string text, string pattern, string first)
    {
        var format = DateTimeFormat.Of(text)!;
        Assert.Equal(pattern, format.Pattern);
        Assert.True(format.TryParse(text, out var value));
        Assert.Equal((first, text), (value.ToString(), format.Write(value)));
    }
}
