using Dlt.Json;
using Dlt.Naming;
using Dlt.Schemas;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines;

public sealed class NamesOfOtherScriptsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_column_and_every_list_keeps_its_values()
    {
        var account = Some.Account(_folder);
        var csv = _folder.Write("people.csv", "Имя,Город,Возраст\nIvan,Omsk,33\nOlga,Tver,44\n");
        await Some.Pipeline(account).RunAsync(FileResource.Create("люди", csv), Cancellation);
        Assert.Equal(["Ivan Omsk 33", "Olga Tver 44"],
            (await Some.QueryAsync(account, "SELECT imya, gorod, vozrast FROM lyudi")).Rows.Select(r => string.Join(' ', r)));
        await Some.Pipeline(account)
            .RunAsync(Some.Resource("o", "{\"商品\":[{\"n\":\"a\"}],\"顧客\":[{\"n\":\"b\"}],\"-\":1,\"_\":2}"), Cancellation);
        Assert.Equal("ab12", await Some.ValueAsync(account, "SELECT (SELECT n FROM o__shang_pin) || (SELECT n FROM o__gu_ke) || "
            + "x_ghgfvw || x_ise5jq FROM o"));
    }

    [Fact]
    public async Task No_dataset_takes_the_place_of_another()
    {
        var account = Some.Account(_folder);
        foreach (var (dataset, value) in new[] { ("данные", 1), ("数据", 2) })
            await Pipeline.Create("p" + value, Athena.Destination(account), dataset,
                new() { Configuration = Some.Configuration(account.Folder), Warn = _ => { } })
                .RunAsync(Some.Resource("t", new ResourceHints { WriteDisposition = WriteDisposition.Replace }, $"{{\"v\":{value}}}"),
                    Cancellation);
        Assert.Equal("1 2", await Some.ValueAsync(account, "SELECT v FROM t", "dannye") + " "
            + await Some.ValueAsync(account, "SELECT v FROM t", "shu_ju"));
    }

    [Fact]
    public async Task A_table_that_has_dlts_column_for_such_keys_goes_on_with_it()
    {
        // The dataset of a pipeline whose only column has the name that dlt makes of Имя.
        var account = Some.Account(_folder);
        await Some.Pipeline(account)
            .RunAsync(Some.Resource("items", "{\"x\":\"a\",\"o\":{\"x\":\"b\"},\"x__x\":1}", "{\"x\":\"c\"}"), Cancellation);
        await Some.Pipeline(account)
            .RunAsync(Some.Resource("items", "{\"Имя\":\"d\",\"o\":{\"名\":\"e\"}}", "{\"Имя\":\"f\"}"), Cancellation);
        Assert.Equal("a,c,d,f b,e", await Some.ValueAsync(account, "SELECT string_agg(x, ',' ORDER BY x) || ' ' || string_agg(o__x, "
            + "',' ORDER BY o__x) FROM items"));
        var file = _folder.Write("more.jsonl", string.Concat(Enumerable.Repeat("{\"Имя\":\"g\",\"o\":{\"名\":\"h\"}}\n", 30)));
        await Some.Pipeline(account).RunAsync(Resource.FromFile("items", file), Cancellation);
        Assert.Equal("34 32", await Some.ValueAsync(account, "SELECT count(x) || ' ' || count(o__x) FROM items"));
    }

    [Fact]
    public async Task Two_columns_that_a_table_has_one_column_for_are_refused_before_anything_is_loaded()
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", "{\"x\":\"a\"}"), Cancellation);
        var csv = _folder.Write("people.csv", "Имя,Город\nIvan,Omsk\n");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
            .RunAsync(FileResource.Create("items", csv), Cancellation));
        Assert.Contains($"Columns 'Имя' and 'Город' of {csv} would both be named 'x'. Nothing of this run was "
            + "loaded", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_new_table_the_order_of_the_rows_decides_no_name()
    {
        foreach (var items in new[] { new[] { "{\"x\":1}", "{\"x\":1,\"Имя\":2}" }, ["{\"Имя\":2}", "{\"x\":1}", "{\"x\":1}"] })
        {
            var account = new LocalAthena(_folder.File(Guid.NewGuid().ToString("n")));
            await Some.Pipeline(account).RunAsync(Some.Resource("items", items), Cancellation);
            Assert.Equal("2 1", await Some.ValueAsync(account, "SELECT count(x) || ' ' || count(imya) FROM items"));
        }
    }

    [Fact]
    public void A_root_table_that_has_dlts_name_for_its_resource_goes_on_with_it()
    {
        var schema = new Schema("s", NamingConvention.Create("snake_case", 255));
        Assert.Equal("shang_pin", schema.NormalizeTableIdentifier("商品"));
        schema.UpdateTable(new TableSchema("x").With("resource", JsonValue.String("商品")));
        Assert.Equal(("x", "gu_ke"), (schema.NormalizeTableIdentifier("商品"), schema.NormalizeTableIdentifier("顧客")));
    }

    [Theory, InlineData(false, false), InlineData(true, false), InlineData(false, true), InlineData(true, true)]
    public async Task A_convention_that_keeps_case_loses_no_column_beyond_ascii(bool isNull, bool isIceberg)
    {
        var account = Some.Account(_folder);
        var configuration = Some.Configuration(
            account.Folder, ("SCHEMA__NAMING", "duck_case"), ("DESTINATION__ATHENA__FORCE_ICEBERG", isIceberg ? "true" : "false"));
        var pipeline = Pipeline.Create("pipe", Athena.Destination(account), "ds", new() { Configuration = configuration, Warn = _ => { } });
        await pipeline.RunAsync(
            Some.Resource("items", $"{{\"Ünï\":7,\"Имя\":{(isNull ? "null" : "8")}}}", "{\"Ünï\":9,\"Имя\":10}"), Cancellation);
        Assert.Equal(isNull ? "16 10" : "16 18", await Some.ValueAsync(account, "SELECT sum(ünï) || ' ' || sum(имя) FROM items"));
    }
}
