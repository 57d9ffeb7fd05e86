using CsCheck;
using Dlt.Destinations.Settings;
using Dlt.Destinations;
using Dlt.Packages;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.Core.Storage;

public sealed class DiskNameTests
{
    private const string Root = "/data/bucket";

    /// <summary>Keys with parts that file systems cannot hold, and ordinary ones.</summary>
    private static readonly Gen<string> Keys = OneOf(
            "a", "b", "items", "Items", "ITEMS", "con", "CON.txt", "nul.", "com1", "lpt9.parquet", "aux .x", "x.", "x ", " ", "", "...",
            ".x", "..x", "C:", "a\\..\\b", "a:b", "a*b?", "<x>", "\"q\"", "a|b", "[0-9]",
            "%", "%41", "%2e", "%2E", "100%", "%file", "x%file", "%-", "%+", "x%+", "é", "e\u0301", "É", "ß", "ſ", "日本", "▶", "🙂", "K",
            "ά", "\u1F71", "\t", "\u0001", "\u007f", "=1", "~", new string('n', 300), new string('日', 120))
        .Array[1, 6].Select(parts => string.Join('/', parts)).Where(key => ObjectKeyPath.Fault(key) is null);

    [Fact]
    public void Every_key_comes_back_from_its_path() =>
        Keys.Sample(key => ObjectKeyPath.Decode(ObjectKeyPath.Encode(key)) == key, iter: 100_000);

    [Fact]
    public void Two_keys_never_share_a_path_on_a_disk_that_ignores_case() => Gen.Select(Keys, Keys).Sample(
        (one, other) =>
            one == other || !string.Equals(ObjectKeyPath.Encode(one), ObjectKeyPath.Encode(other), StringComparison.OrdinalIgnoreCase),
            iter: 100_000);

    [Fact]
    public void No_path_leaves_the_folder_and_every_disk_takes_each_of_its_names() => Keys.Sample(
        key =>
        {
            var path = ObjectKeyPath.Encode(key);
            Assert.StartsWith(Root + "/", Path.GetFullPath(Path.Combine(Root, path)), StringComparison.Ordinal);
            foreach (var name in path.Split(Path.DirectorySeparatorChar)) AssertFits(name);
        },
        iter: 100_000);

    [Theory]
    [InlineData("ds/items/1795968886.5061705.0a1b2c3d4e.parquet")]
    [InlineData("ds/_dlt_loads/metadata/00001-0f8fad5b-d9cb-469f-a165-70867728950e.metadata.json")]
    [InlineData("ds/items/created_day=2024-01-01/a b+c,d;e=f@g!h'(i)~j#k&l$m^n`o{p}.parquet")]
    [InlineData("ds/bücher/日本/été-1.parquet")]
    public void An_ordinary_key_is_its_own_path(string key) =>
        Assert.Equal(key.Replace('/', Path.DirectorySeparatorChar), ObjectKeyPath.Encode(key));

    [Theory]
    [InlineData("/x"), InlineData("//x"), InlineData("../x"), InlineData("a/../../x"), InlineData("a/./x"), InlineData("a/.."),
        InlineData("."), InlineData("a\0b")]
    public void A_key_that_S3_or_a_folder_cannot_have_has_a_fault(string key) => Assert.NotNull(ObjectKeyPath.Fault(key));

    [Fact]
    public void Half_a_character_is_a_fault() =>
        Assert.All(["a\uD800b", "\uDC00", "x\uD83D"], key => Assert.NotNull(ObjectKeyPath.Fault(key)));

    [Theory]
    [InlineData("Items/x.parquet"), InlineData("a b+c%/ü.txt"), InlineData("hour=00%3A00/x"), InlineData("CON/x.")]
    public void A_file_that_was_stored_before_names_were_escaped_is_its_own_key(string path) =>
        Assert.Equal(path, ObjectKeyPath.Decode(path.Replace('/', Path.DirectorySeparatorChar)));

    [Fact]
    public void Tables_in_job_files_come_back_and_fit_whatever_their_names_are()
    {
        var schema = new Dlt.Schemas.Schema("s");
        string[] tables =
        [
            "items", "Items", "items▶a/b", "items▶a.b", "items▶a%2fb", "items▶/../../../evil", "con", "x.",
            "items▶" + new string('n', 240), "items▶" + new string('m', 240), new string('日', 120), new string('日', 119) + "月",
            "a\\b", "C:x", "{table}", " ", "items▶🙂",
        ];
        foreach (var table in tables) schema.Set(new(table));
        Assert.All(tables, table =>
        {
            var file = new JobFileName(JobTables.Component(table), "0123456789", 0, "typed-jsonl", IsCompressed: true).FileName;
            AssertFits(file);
            Assert.Equal(table, JobTables.Resolve(JobFileName.Parse(file), schema));
        });
    }

    [Fact]
    public void Tables_have_folders_of_their_own_that_keep_their_place() => Gen.Select(Tables, Tables).Sample(
        (one, other) =>
        {
            var folder = TableFolder.Of(one);
            Assert.DoesNotContain(folder.Split('/'), part => part is "" or "." or "..");
            Assert.True(one == other || folder != TableFolder.Of(other), $"{one} and {other} meet in {folder}");
        },
        iter: 100_000);

    [Theory, InlineData("items"), InlineData("Items▶a b"), InlineData("items▶a/b"), InlineData("50%"), InlineData("a..b"),
        InlineData(".hidden")]
    public void A_table_has_the_folder_that_dlt_gives_it(string table) => Assert.Equal(table, TableFolder.Of(table));

    private static Gen<string> Tables =>
        OneOf("", ".", "..", "a", "%2E", "%2E%2E", "%2F", "%252E", "%25252F", "%25", "b.").Array[1, 4]
        .Select(parts => string.Join('/', parts));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static void AssertFits(string name)
    {
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(name), 1, 255);
        Assert.DoesNotContain(name, c => c < ' ' || "<>:\"/\\|?*".Contains(c));
        Assert.False(name.EndsWith('.') || name.EndsWith(' '), name);
        Assert.DoesNotMatch(@"(?i)^(con|prn|aux|nul|com\d|lpt\d) *(\.|$)", name);
    }
}
