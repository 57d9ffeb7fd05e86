using Dlt.Configuration;
using Dlt.Internal;
using Dlt.Json;
using Dlt.Sources.Cursors;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Sources.Cursors;

public sealed class CursorSettingsTests : IDisposable
{
    private static readonly DateTimeOffset Instant = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("0001-01-01")]
    public void A_lag_that_leads_before_the_first_day_begins_at_the_initial_value(string initial) =>
        Assert.Equal(
            JsonValue.String(initial),
            CursorBounds.Lagged(
                JsonValue.String(initial), JsonValue.String(initial), new("seen") { Lag = TimeSpan.FromDays(1) },
                reason => throw new InvalidOperationException(reason)));

    [Fact]
    public void Each_setting_of_a_cursor_can_be_overridden_for_its_resource()
    {
        var cursor = Resolve(
            new("n") { InitialValue = 5, Lag = TimeSpan.FromHours(1) },
            """
            [sources.shop.orders.n]
            initial_value = 7
            end_value = 9
            last_value_func = "max"
            primary_key = "id"
            row_order = "asc"
            range_start = "open"
            range_end = "closed"
            on_cursor_value_missing = "include"
            lag = 2
            allow_external_schedulers = false
            """);
        Assert.Equal("7 9", $"{cursor.InitialValue} {cursor.EndValue}");
        Assert.Equal((RowOrder.Asc, RangeBound.Open, RangeBound.Closed), (cursor.RowOrder, cursor.RangeStart, cursor.RangeEnd));
        Assert.Equal((CursorValueMissing.Include, 2.0, false),
            (cursor.OnCursorValueMissing, cursor.NumericLag, cursor.AllowExternalSchedulers));
        Assert.Null(cursor.Lag);
        Assert.Equal(["id"], cursor.PrimaryKey!.Value);
    }

    [Theory]
    [InlineData("[sources.shop.orders.t]", "8")]
    [InlineData("[sources.shop.t]", "8")]
    [InlineData("[sources.shop.orders.incremental]", "8")]
    [InlineData("[daily.sources.shop.orders.t]", "8")]
    [InlineData("[sources.shop.lines.t]", "5")]
    [InlineData("[sources.shop.orders]", "5")]
    [InlineData("[sources]", "5")]
    public void A_setting_is_read_from_the_section_of_the_cursor(string section, string initial) =>
        Assert.Equal(initial, Resolve(new("t") { InitialValue = 5 }, $"{section}\ninitial_value = 8").InitialValue!.ToString());

    [Theory]
    [InlineData("2024-05-06", "2024-05-06")]
    [InlineData("2024-05-06T00:00:00Z", "2024-05-06T00:00:00+00:00")]
    [InlineData("7", "7")]
    public void A_variable_gets_the_type_of_the_declared_value(string text, string expected)
    {
        object like = text.Length == 1 ? 5 : text.Length == 10 ? new DateOnly(2024, 1, 1) : Instant;
        var cursor = Resolve(new("t") { InitialValue = like }, "", ("SOURCES__SHOP__ORDERS__T__INITIAL_VALUE", text));
        var value = DataValue.FromJson((JsonValue)cursor.InitialValue!)!.Value;
        Assert.Equal(expected, value.ToString());
        Assert.Equal(text.Length == 1 ? DataType.Bigint : text.Length == 10 ? DataType.Date : DataType.Timestamp, value.Type);
    }

    [Theory]
    [InlineData("2024-01-01", "2", 48 * 60)]
    [InlineData("2024-01-01T00:00:00Z", "90", 1.5)]
    [InlineData("2024-01-01T00:00:00Z", "01:30:00", 90)]
    public void A_lag_counts_days_for_dates_and_seconds_for_times(string initial, string lag, double minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes),
            Resolve(new("t") { InitialValue = initial }, "", ("SOURCES__SHOP__ORDERS__T__LAG", lag)).Lag);

    [Theory]
    [InlineData("initial_value", "soon")]
    [InlineData("row_order", "up")]
    [InlineData("lag", "long")]
    [InlineData("allow_external_schedulers", "maybe")]
    public void A_setting_that_is_not_valid_is_named(string name, string value)
    {
        var error = Assert.Throws<ConfigurationException>(() =>
            Resolve(new("t") { InitialValue = 5 }, $"[sources.shop.orders.t]\n{name} = \"{value}\""));
        var place = $"sources.shop.orders.t.{name} (config.toml)";
        Assert.StartsWith($"{place} is '{value}', which is not ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_interval_of_a_scheduler_becomes_the_range_in_the_form_of_the_initial_value()
    {
        (string, string)[] interval =
            [("DLT_INTERVAL_START", "2024-03-01T00:00:00Z"), ("DLT_INTERVAL_END", "2024-03-02T00:00:00+00:00")];
        Assert.Equal("2024-03-01T00:00:00+00:00 2024-03-02T00:00:00+00:00", Range(Instant));
        Assert.Equal("2024-03-01T00:00:00 2024-03-02T00:00:00", Range(new DateTime(2024, 1, 1)));
        Assert.Equal("2024-03-01 2024-03-02", Range(new DateOnly(2024, 1, 1)));
        Assert.Equal("1709251200 1709337600", Range(0L));
        Assert.Equal("1709251200.0 1709337600.0", Range(0.5));
        Assert.Equal("2024-03-01T00:00:00Z 2024-03-02T00:00:00Z", Range("2024-01-01T00:00:00Z"));
        Assert.Equal("20240301 20240302", Range("20240101"));
        interval = [.. interval, ("DLT_INTERVAL_TIMEZONE", "Asia/Tokyo")];
        Assert.Equal("2024-03-01T09:00:00+09:00 2024-03-02T09:00:00+09:00", Range(Instant));
        Assert.Equal("2024-03-01T00:00:00Z 2024-03-02T00:00:00Z", Range("2024-01-01T00:00:00Z"));

        string Range(object initial) => Bounds(Resolve(new("t") { InitialValue = initial, AllowExternalSchedulers = true }, "", interval));
    }

    [Fact]
    public void The_interval_is_narrowed_by_the_bounds_of_the_cursor_in_both_directions()
    {
        (string, string)[] interval = [("DLT_INTERVAL_START", "2024-03-01"), ("DLT_INTERVAL_END", "2024-04-01")];
        var cursor = new Incremental("t") { InitialValue = "2024-03-10", AllowExternalSchedulers = true };
        Assert.Equal("2024-03-10 2024-04-01", Bounds(Resolve(cursor, "", interval)));
        Assert.Equal("2024-03-10 2024-03-20", Bounds(Resolve(cursor with { EndValue = "2024-03-20" }, "", interval)));
        Assert.Equal("2024-04-01 2024-04-01", Bounds(Resolve(cursor with { InitialValue = "2024-05-01" }, "", interval)));   // nothing
        var down = cursor with { LastValueFunc = LastValueFunc.Min };
        Assert.Equal("2024-03-10 2024-03-01", Bounds(Resolve(down, "", interval)));
    }

    [Fact]
    public void Whether_the_interval_is_taken_is_the_cursors_choice_first()
    {
        (string, string)[] interval =
            [("DLT_INTERVAL_START", "2024-03-01"), ("DLT_INTERVAL_END", "2024-04-01"), ("DLT_ALLOW_EXTERNAL_SCHEDULERS", "true")];
        var cursor = new Incremental("t") { InitialValue = "2024-01-01" };
        Assert.Equal("2024-03-01 2024-04-01", Bounds(Resolve(cursor, "", interval)));
        Assert.Null(Resolve(cursor with { AllowExternalSchedulers = false }, "", interval).EndValue);
        Assert.Null(Resolve(cursor, "", interval[..2]).EndValue);
        ProgramInterval.Current = ("2024-02-01", "2024-02-02");   // the arguments of a program
        Assert.Equal("2024-02-01 2024-02-02", Bounds(Resolve(cursor, "", interval[..2])));
        ProgramInterval.Current = null;
    }

    [Fact]
    public void An_interval_that_is_missing_or_not_valid_is_an_error_with_the_remedy()
    {
        var cursor = new Incremental("t") { InitialValue = "2024-01-01", AllowExternalSchedulers = true };
        var missing = Assert.Throws<IncrementalException>(() => Resolve(cursor, "", ("DLT_INTERVAL_START", "2024-03-01")));
        Assert.Contains("Set DLT_INTERVAL_START and DLT_INTERVAL_END", missing.Message, StringComparison.Ordinal);
        foreach (var (start, end, zone, said) in new[]
        {
            ("soon", "2024-03-01", "UTC", "DLT_INTERVAL_START is 'soon'"), ("2024-03-02", "2024-03-01", "UTC", "before its start"),
            ("2024-03-01", "2024-03-02", "Mars/Base", "DLT_INTERVAL_TIMEZONE is 'Mars/Base'"),
        })
        {
            var error = Assert.Throws<ConfigurationException>(() => Resolve(
                cursor, "", ("DLT_INTERVAL_START", start), ("DLT_INTERVAL_END", end), ("DLT_INTERVAL_TIMEZONE", zone)));
            Assert.Contains(said, error.Message, StringComparison.Ordinal);
        }

        foreach (var initial in new object?[] { null, "a text", true })
        {
            var error = Assert.Throws<IncrementalException>(() => Resolve(
                cursor with { InitialValue = initial }, "", ("DLT_INTERVAL_START", "2024-03-01"), ("DLT_INTERVAL_END", "2024-03-02")));
            Assert.Contains("Set InitialValue", error.Message, StringComparison.Ordinal);
        }
    }

    private static string Bounds(Incremental cursor) => $"{Text(cursor.InitialValue)} {Text(cursor.EndValue)}";

    private static string Text(object? value) => DataValue.FromJson((JsonValue)value!)!.Value.ToString();

    private Incremental Resolve(Incremental declared, string toml, params (string Name, string Value)[] environment)
    {
        _folder.Write(Path.Combine(".dlt", "config.toml"), toml);
        return CursorSettings.Resolve(declared, Some.Configuration(_folder.Path, environment), "daily", "shop", "orders");
    }
}
