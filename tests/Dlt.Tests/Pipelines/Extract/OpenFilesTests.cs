using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Extract;
using Dlt.Normalize.Chunks;
using Dlt.Packages;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Extract;

/// <summary>A source may have more tables than a process may open files.</summary>
public sealed class OpenFilesTests : IDisposable
{
    private const int Tables = OpenFiles.Limit + 30;
    private const int RowsOfTable = 3;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_that_go_to_more_tables_than_files_are_open_are_all_loaded()
    {
        var hints = new ResourceHints { TableNameOf = row => $"t{row["id"]!.AsInt64() % Tables}" };
        var options = new PipelineOptions
        {
            Configuration = Some.Configuration(_folder.Path),
            PipelinesFolder = _folder.File("pipelines"),
            Warn = _ => { },
        };
        var rows = Enumerable.Range(0, Tables * RowsOfTable).Select(id => Some.Item($$"""{"id":{{id}}}"""));
        var info = await Pipeline.Create("many", new FakeDestination(() => new FakeClient()), "ds", options)
            .RunAsync(Resource.Create("rows", rows, hints), Cancellation);
        var tables = info.RowCounts.Where(r => r.Key.StartsWith('t')).ToList();
        Assert.Equal(Tables, tables.Count);
        Assert.All(tables, t => Assert.Equal(RowsOfTable, t.Value));
    }

    [Fact]
    public void A_file_of_batches_that_is_closed_in_between_has_all_of_them()
    {
        var open = new OpenFiles(limit: 1);
        string[] paths = [_folder.File("a"), _folder.File("b")];
        var writers = paths.Select(p => new BatchSegmentWriter(p, open)).ToList();
        for (var batch = 0; batch < 6; batch++) writers[batch % 2].Write(Batch(batch));
        writers.ForEach(w => w.Dispose());
        Assert.Equal(["0,2,4", "1,3,5"], paths.Select(ValuesOf));
    }

    [Fact]
    public void The_file_that_was_written_longest_ago_is_closed()
    {
        var open = new OpenFiles(limit: 2);
        var paused = new List<string>();
        IPausable[] files = [new Pausable("a", paused), new Pausable("b", paused), new Pausable("c", paused)];
        foreach (var file in new[] { 0, 1, 0, 2, 1, 2 }) open.Use(files[file]);
        Assert.Equal(["b", "a"], paused);
        open.Forget(files[1]);
        open.Use(files[0]);
        Assert.Equal(["b", "a"], paused);
    }

    private static RecordBatch Batch(long value) => new(
        new Schema.Builder().Field(f => f.Name("n").DataType(Int64Type.Default)).Build(),
        [new Int64Array.Builder().Append(value).Build()], 1);

    private static string ValuesOf(string path)
    {
        using var reader = new BatchReader(File.OpenRead(path));
        var values = new List<long?>();
        while (reader.Read() is { } batch) values.Add(((Int64Array)batch.Column(0)).GetValue(0));
        return string.Join(',', values);
    }

    private sealed class Pausable(string name, List<string> paused) : IPausable
    {
        public void Pause() => paused.Add(name);
    }
}
