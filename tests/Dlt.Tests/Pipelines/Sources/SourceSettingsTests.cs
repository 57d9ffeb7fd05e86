using Dlt.Configuration;
using Dlt.Sources;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Sources;

public sealed class SourceSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private enum Month
    {
        January,
        February,
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Settings_come_with_the_type_that_is_asked_for()
    {
        var settings = Settings(
            "config.toml",
            """
            [sources.shop]
            url = "https://example.com"
            pages = 7
            ratio = 0.5
            price = "12345678901234567890.12"
            deep = true
            since = "2024-01-02"
            until = "2024-01-02T03:00:00+02:00"
            salt = "YWJj"
            month = "February"
            players = ["a", "b"]
            headers = { accept = "json" }
            """);
        Assert.Equal("https://example.com", settings.Get<string>("url"));
        Assert.Equal(7, settings.Get<int>("pages"));
        Assert.Equal(0.5, settings.Get<double>("ratio"));
        Assert.Equal(12345678901234567890.12m, settings.Get<decimal>("price"));
        Assert.True(settings.Get<bool>("deep"));
        Assert.Equal(new DateTimeOffset(2024, 1, 2, 0, 0, 0, TimeSpan.Zero), settings.Get<DateTimeOffset>("since"));
        Assert.Equal(new DateTimeOffset(2024, 1, 2, 1, 0, 0, TimeSpan.Zero), settings.Get<DateTimeOffset>("until"));
        Assert.Equal("abc"u8.ToArray(), settings.Get<byte[]>("salt"));
        Assert.Equal(Month.February, settings.Get<Month>("month"));
        Assert.Equal(["a", "b"], settings.Get<List<string>>("players"));
        Assert.Equal("json", settings.Get<Dictionary<string, string>>("headers")["accept"]);
        Assert.Equal(5, settings.Get("limit", 5));
        Assert.Null(settings.Get<string>("nothing", null));
    }

    [Fact]
    public void Days_times_spans_and_all_sizes_of_numbers_are_types_of_settings()
    {
        var settings = Settings(
            "config.toml",
            """
            [sources.shop]
            day = 2031-05-06
            day_text = "2031-05-06T23:59:59Z"
            day_seconds = 1935817689
            time = 07:08:09
            time_text = "07:08"
            span = "01:30:00"
            span_seconds = 90
            span_half = 0.5
            span_iso = "PT90S"
            span_toml = 00:05:00
            id = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
            byte = 255
            big = "18446744073709551615"
            letter = "x"
            days = [2031-05-06, "2031-05-07"]
            """);
        Assert.Equal(new DateOnly(2031, 5, 6), settings.Get<DateOnly>("day"));
        Assert.Equal(new DateOnly(2031, 5, 6), settings.Get<DateOnly?>("day_text"));
        Assert.Equal(new DateOnly(2031, 5, 6), settings.Get<DateOnly>("day_seconds"));
        Assert.Equal(new TimeOnly(7, 8, 9), settings.Get<TimeOnly>("time"));
        Assert.Equal(new TimeOnly(7, 8), settings.Get<TimeOnly>("time_text"));
        Assert.Equal(TimeSpan.FromMinutes(90), settings.Get<TimeSpan>("span"));
        Assert.Equal(TimeSpan.FromSeconds(90), settings.Get<TimeSpan>("span_seconds"));
        Assert.Equal(TimeSpan.FromSeconds(0.5), settings.Get<TimeSpan>("span_half"));
        Assert.Equal(TimeSpan.FromSeconds(90), settings.Get<TimeSpan?>("span_iso"));
        Assert.Equal(TimeSpan.FromMinutes(5), settings.Get<TimeSpan>("span_toml"));
        Assert.Equal(TimeSpan.FromHours(1), settings.Get("nowhere", TimeSpan.FromHours(1)));
        Assert.Equal(Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff"), settings.Get<Guid>("id"));
        Assert.Equal((255, 255, 255u, 255ul),
            (settings.Get<byte>("byte"), settings.Get<ushort>("byte"), settings.Get<uint>("byte"), settings.Get<ulong>("byte")));
        Assert.Equal(ulong.MaxValue, settings.Get<ulong>("big"));
        Assert.Equal(new System.Numerics.BigInteger(ulong.MaxValue), settings.Get<System.Numerics.BigInteger>("big"));
        Assert.Equal('x', settings.Get<char>("letter"));
        Assert.Equal([new DateOnly(2031, 5, 6), new DateOnly(2031, 5, 7)], settings.Get<DateOnly[]>("days"));
    }

    [Theory]
    [InlineData("soon", typeof(DateOnly))]
    [InlineData("23:59", typeof(DateOnly))]
    [InlineData("2031-05-06", typeof(TimeOnly))]
    [InlineData("25:00", typeof(TimeOnly))]
    [InlineData("soon", typeof(TimeSpan))]
    [InlineData("1e300", typeof(TimeSpan))]
    [InlineData("x", typeof(Guid))]
    [InlineData("256", typeof(byte))]
    [InlineData("-1", typeof(uint))]
    [InlineData("1.5", typeof(ulong))]
    public void A_text_that_is_not_of_the_type_is_an_error_that_names_the_setting(string text, Type type)
    {
        var settings = Settings("config.toml", $"[sources.shop]\nwhen = \"{text}\"");
        var get = typeof(SourceSettings).GetMethods().Single(m => m.Name == "Get" && m.GetParameters().Length == 1).MakeGenericMethod(type);
        var error = Assert.IsType<ConfigurationException>(
            Assert.Throws<System.Reflection.TargetInvocationException>(() => get.Invoke(settings, ["when"])).InnerException);
        Assert.Equal(["when"], error.Fields);
    }

    [Theory, InlineData("secrets.toml"), InlineData("environment")]
    public void A_secret_of_the_wrong_type_is_not_shown(string place)
    {
        var settings = place == "environment"
            ? new SourceSettings(Some.Configuration(_folder.Path, ("SOURCES__SHOP__API_KEY", "HUSH")), "shop")
            : Settings("secrets.toml", "[sources.shop]\napi_key = \"HUSH\"\nother = \"HUSH\"");
        Assert.DoesNotContain(
            "HUSH", Assert.Throws<ConfigurationException>(() => settings.Get<int>("api_key")).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "HUSH", Assert.Throws<ConfigurationException>(() => settings.GetSecret<int>("api_key")).ToString(), StringComparison.Ordinal);
        if (place != "environment")
            Assert.DoesNotContain(
                "HUSH", Assert.Throws<ConfigurationException>(() => settings.Get<int>("other")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_is_nowhere_names_every_place()
    {
        var error = Assert.Throws<ConfigurationException>(() => Settings("config.toml", "").Get<string>("api_key"));
        Assert.Equal(["api_key"], error.Fields);
        Assert.Contains("SOURCES__SHOP__API_KEY", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pages = \"many\"", "pages")]
    [InlineData("month = \"May\"", "January, February")]
    public void A_setting_of_another_type_is_an_error_that_names_it(string line, string what)
    {
        var settings = Settings("config.toml", "[sources.shop]\n" + line);
        Assert.Contains(what, Assert.Throws<ConfigurationException>(() => line[0] == 'p'
            ? settings.Get<int>("pages")
            : (int)settings.Get<Month>("month")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_of_a_list_have_the_type_too() =>
        Assert.Contains("players",
            Assert.Throws<ConfigurationException>(() => Settings("config.toml", "[sources.shop]\nplayers = [\"x\"]").Get<int[]>("players"))
            .Message, StringComparison.Ordinal);

    [Fact]
    public void A_secret_in_the_file_that_everybody_reads_is_an_error()
    {
        Assert.Equal("k", Settings("secrets.toml", "[sources.shop]\nkey = \"k\"").GetSecret<string>("key"));
        Assert.Contains("secrets.toml",
            Assert.Throws<ConfigurationException>(() => Settings("config.toml", "[sources.shop]\nkey = \"k\"").GetSecret<string>("key"))
            .Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_settings_of_a_pipeline_win_in_its_runs()
    {
        Write("config.toml", "[sources.shop]\npages = 1\n[pipe.sources.shop]\npages = 2\n");
        var account = Some.Account(_folder);
        var seen = 0;
        var resource = Resource.Create("items", (context, _) =>
        {
            seen = context.Settings.Get<int>("pages");
            return new[] { new { seen } }.ToAsyncEnumerable();
        });
        await Pipeline.Create("pipe", Athena.Destination(account), "ds", new() { Configuration = Configuration(), Warn = _ => { } })
            .RunAsync(new Source("shop", [resource]), TestContext.Current.CancellationToken);
        Assert.Equal(2, seen);
    }

    [Fact]
    public async Task Simple_settings_lists_and_dictionaries_are_read_where_reflection_is_off_as_in_file_based_apps()
    {
        Write(
            "config.toml",
            """
            [sources.shop]
            text = "a"
            number = 7
            ratio = 0.5
            price = "1.10"
            deep = true
            day = 2031-05-06
            since = 2031-05-06T07:08:09Z
            span = "01:30:00"
            url = "https://example.com/"
            id = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
            texts = ["a", "b"]
            numbers = [1, 2]
            days = [2031-05-06]
            headers = { accept = "json" }
            limits = { a = 1, b = 2 }
            groups = { x = ["a"], y = ["b", "c"] }
            grid = [[1, 2], [3]]
            """);
        Write("secrets.toml", "[sources.shop]\nkey = \"k\"\nkeys = [\"k1\", \"k2\"]\n");
        var child = await Tool.RunAsync(Environment.ProcessPath!, Tool.OwnArguments("settings", _folder.Path));
        Assert.Equal(
            "a 7 0.5 1.10 True 2031-05-06 2031-05-06T07:08:09.0000000+00:00 01:30:00 https://example.com/ "
                + "6f9619ff-8b86-d011-b42d-00c04fc964ff "
                + "a|b a|b 1|2 2031-05-06 json 2 b|c 2 k k1|k2 7 [none]",
            child.Succeeded().Trim());
    }

    private SourceSettings Settings(string file, string text)
    {
        Write("config.toml", "");
        Write("secrets.toml", "");
        Write(file, text);
        return new(Configuration(), "shop");
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, ".dlt"));
        File.WriteAllText(Path.Combine(_folder.Path, ".dlt", file), text);
    }

    private DltConfiguration Configuration() =>
        DltConfiguration.Load(new RunContext(_folder.Path, Path.Combine(_folder.Path, "global"), _ => null));
}
