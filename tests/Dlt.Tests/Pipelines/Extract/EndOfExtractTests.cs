using System.Runtime.CompilerServices;
using Apache.Arrow;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Extract;

/// <summary>State of the working folder after a failed extract.</summary>
public sealed class EndOfExtractTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LocalAthena _account;
    private readonly TaskCompletionSource _begun = new();
    private bool _hasEnded;

    public EndOfExtractTests() => _account = Some.Account(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Generators_have_ended_when_a_run_fails()
    {
        Resource[] resources = [Resource.Create("slow", (_, stop) => SlowAsync(stop)),
            Resource.Create("bad", (_, _) => BadAsync(), new ResourceHints { TableNameOf = _ => "x" })];
        await Assert.ThrowsAsync<DltException>(() => Some.Pipeline(_account).RunAsync(resources, Cancellation));
        Assert.True(_hasEnded);
    }

    [Fact]
    public async Task Generators_have_ended_when_a_run_is_cancelled()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var run = Some.Pipeline(_account).RunAsync(Resource.Create("slow", (_, stop) => SlowAsync(stop)), cancel.Token);
        await _begun.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(_hasEnded);
    }

    [Fact]
    public async Task A_schema_that_cannot_be_saved_is_named_by_the_error()
    {
        var file = Path.Combine(_account.PipelinesFolder, "pipe", "schemas", "pipe.schema.json");
        Directory.CreateDirectory(file);   // blocks the file of this name
        var items = Some.Resource("items", """{"id":1}""");
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Some.Pipeline(_account).RunAsync(items, Cancellation));
        Assert.Contains("pipe.schema.json", error.Message, StringComparison.Ordinal);
    }

    private async IAsyncEnumerable<object?> SlowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            _begun.TrySetResult();
            yield return new { a = 1 };
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            await Task.Yield();   // closes its connection
            _hasEnded = true;
        }
    }

    /// <summary>A batch whose table depends on the item is refused by the writer.</summary>
    private async IAsyncEnumerable<object?> BadAsync()
    {
        await _begun.Task;
        yield return new RecordBatch.Builder().Append("f", false, b => b.Int64(x => x.Append(1))).Build();
    }
}
