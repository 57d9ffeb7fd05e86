using System.Text;
using CsCheck;
using Dlt.Destinations;
using Dlt.Extract;
using Dlt.Files;
using Dlt.Json;
using Dlt.Naming;
using Dlt.Normalize.Chunks;
using Dlt.Normalize.Files;
using Dlt.Normalize.Rows;
using Dlt.Normalize.Workers;
using Dlt.Packages;
using Dlt.Parquet;
using Dlt.Schemas;
using Dlt.Sources.Files;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Normalize;

/// <summary>The result depends neither on the number of workers nor on where the input is cut into chunks.</summary>
public sealed class WorkerTests : IDisposable
{
    private readonly TempFolder _input = new();   // rejects name the file, so all runs read the same one

    private static readonly string[] Scalars =
    [
        "1", "2.5", "null", "true", "\"text\"", "\"2024-01-02T03:04:05Z\"", "\"é\\n\"", "12345678901234567890", "{}", "[]",
        "{\"deep\":{\"er\":[1,2]}}", "[{\"x\":1},{\"x\":\"t\"}]", "[[1],[2]]", "\"a [ { \\\" } ] b\"",
    ];

    private static readonly Gen<string> Object = Gen.Select(Gen.Int[0, 9], Gen.Int[0, Scalars.Length - 1]).List[0, 5]
        .Select(fields => "{" + string.Join(',', fields.Select(f => $"\"f{f.Item1}\":{Scalars[f.Item2]}")) + "}");

    private static readonly Gen<string> Line = Gen.Frequency(
        (40, Object),
        (1, Gen.Const("")),
        (1, Gen.Const("[1,2]")),
        (1, Gen.Const("{\"a\":{\"b\":{\"c\":1}},\"a__b\":[1]}")));

    public void Dispose() => _input.Dispose();

    [Fact]
    public void The_result_does_not_depend_on_workers_or_chunks() =>
        Gen.Select(Line.List[1, 120], Gen.Int[1, 400], Gen.Int[2, 4], Gen.Int[0, 4]).Sample(
        (lines, chunkBytes, workers, nesting) =>
            Assert.Equal(Result(lines, int.MaxValue / 4, 1, nesting), Result(lines, chunkBytes, workers, nesting)),
        iter: 400, threads: 1);

    [Fact]
    public void Rejected_items_do_not_depend_on_workers_or_chunks() =>
        Gen.Select(Gen.Frequency((10, Line), (1, Gen.Int[0, 3].Select(i => new[] { "{\"f1\":", "{]", "nope", "{\"f1\":1}}" }[i])))
            .List[1, 120], Gen.Int[1, 400], Gen.Int[2, 4]).Sample(
            (lines, chunkBytes, workers) => Assert.Equal(
                Result(string.Join('\n', lines), int.MaxValue / 4, 1, 0, keepRejects: true),
                Result(string.Join('\n', lines), chunkBytes, workers, 0, keepRejects: true)),
            iter: 200, threads: 1);

    [Fact]
    public void Of_several_errors_the_first_in_the_file_is_reported() => Gen.Select(Gen.Int[0, 40], Gen.Int[1, 60]).Sample(
        (good, chunkBytes) =>
        {
            List<string> lines = [.. Enumerable.Repeat("{\"a\":1}", good), "{\"a\":", "{\"a\":1}", "{\"b\"", "{]"];
            Assert.Contains($": line {good + 1},", Result(lines, chunkBytes, 3, 0), StringComparison.Ordinal);
        },
        iter: 200, threads: 1);

    [Fact]
    public void An_array_and_objects_over_several_lines_give_the_rows_of_their_items() =>
        Gen.Select(Object.List[0, 60], Gen.Int[1, 300], Gen.Int[0, 4], Gen.Bool).Sample(
        (items, chunkBytes, blanks, isArray) =>
        {
            var gap = blanks switch { 0 => "", 1 => " ", 2 => "\n", 3 => "\r\n\t", _ => "  \n\n " };
            var objects = items.Select(i => "{" + (isArray ? gap : "\n") + i[1..^1] + gap + "}");
            var text = isArray ? $"{gap}[{gap}{string.Join($"{gap},{gap}", objects)}{gap}]{gap}" : string.Join(gap, objects);
            Assert.Equal(Result(items, int.MaxValue / 4, 1, 0), Result(text, chunkBytes, 3, 0, isReference: true));
        },
        iter: 400, threads: 1);

    [Fact]
    public void An_array_of_texts_and_numbers_gives_a_row_for_each()
    {
        List<string> values = ["\"a\"", "\"b, c]\"", "\"d\\\"e\"", "\"\"", "\"{\"", "1", "234", "-5e6", "true"];
        var lines = Result(values, int.MaxValue / 4, 1, 0);
        Assert.Contains("\"value\"", lines, StringComparison.Ordinal);
        Assert.Equal(lines, Result($"[{string.Join(", ", values)}]", 5, 3, 0, isReference: true));
    }

    [Theory]
    [InlineData("[{\"a\":1} {\"a\":2}]", "line 1, byte 9, at $: an item where ',' or ']' is expected")]
    [InlineData("[{\"a\":1},]", "']' where an item is expected")]
    [InlineData("[,{\"a\":1}]", "',' where an item is expected")]
    [InlineData("[{\"a\":1}", "the end of the file where ',' or ']' is expected")]
    [InlineData("[{\"a\":1}\n,\n{\"a\":tru}]", "line 3, byte 16, at $.a")]
    [InlineData("[{\"a\":1}]]", "']' where a document is expected")]
    [InlineData("{\n\"a\":{\n}", "line ")]
    public void A_malformed_document_is_named_by_its_place(string text, string said) =>
        Assert.Contains(said, Result(text, 1000, 2, 0, isReference: true), StringComparison.Ordinal);

    private string Result(List<string> lines, int chunkBytes, int workers, int nesting) =>
        Result(string.Join('\n', lines), chunkBytes, workers, nesting);

    private string Result(string text, int chunkBytes, int workers, int nesting, bool isReference = false, bool keepRejects = false)
    {
        using var folder = new TempFolder();
        var segment = _input.File("items.a1b2c3d4e5.0.jsonl");
        File.WriteAllText(segment, text);
        if (isReference)
        {
            var extracted = LoadPackage.Create(folder.File("extracted"), "1700000000.1");
            var reference = FileReference.Of(new InputFile(segment), extracted, TestContext.Current.CancellationToken);
            reference.Write(extracted,
                extracted.PathOf(PackageFolders.NewJobs, new JobFileName("items", "a1b2c3d4e5", 0, SegmentFormat.Reference).FileName));
            segment = Assert.Single(extracted.Jobs(PackageFolders.NewJobs));
        }

        var schema = new Schema("law", NamingConvention.Create("snake_case", 255));
        if (nesting > 0)
        {
            schema.Normalizers = schema.Normalizers.With("json", schema.Normalizers["json"]!.With(
                "config", JsonValue.Object(("max_nesting", JsonValue.Integer(nesting)))));
        }

        var package = LoadPackage.Create(folder.File("load"), "1700000000.5");
        var options = new Dlt.Settings.JobFileOptions();
        var result = new StringBuilder();
        using (var chunks = new ChunkReader([segment], schema, chunkBytes))
        using (var files = new PackageFiles(package, AthenaCapabilities.Default, options))
        {
            var run = new WorkerPool(
                schema, AthenaCapabilities.Default, package.LoadId, TimeProvider.System, files, options.Parquet, CancellationToken.None)
            {
                ChunkDone = (_, _, _) => { },
                KeepRejects = keepRejects,
                NewRowIds = () => new SameId(),
            };
            try
            {
                run.Run(chunks, workers);
            }
            catch (DltException error)
            {
                return error.Message.Replace(_input.Path, "", StringComparison.Ordinal);
            }

            files.Close();
            result.Append(run.Updates.ToJson(schema)).AppendJoin(',', run.NullColumns.NotCreated(schema));
            result.AppendJoin(',', run.Changes.Variants.OrderBy(v => v.Key)).AppendJoin(',', run.Changes.Rejects);
        }

        result.Append(string.Join('\n', schema.Tables.Select(t => t.ToJson())));
        foreach (var file in package.Jobs(PackageFolders.NewJobs)
            .OrderBy(f => JobFileName.Parse(Path.GetFileName(f)).Table, StringComparer.Ordinal))
            result.Append(JobFileName.Parse(Path.GetFileName(file)).Table).Append(Convert.ToHexString(File.ReadAllBytes(file)));
        return result.ToString();
    }

    /// <summary>One id for all, so that files can be compared byte by byte.</summary>
    private sealed class SameId : IRowIdSource
    {
        public void Next(Span<byte> destination) => destination.Fill((byte)'a');
    }
}
