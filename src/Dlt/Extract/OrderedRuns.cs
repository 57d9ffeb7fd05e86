using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Dlt.Items;

namespace Dlt.Extract;

/// <summary>Works on several values at the same time and returns their pages in the order of the values.</summary>
/// <param name="parallel">Largest number of values at the same time, 1 or more.</param>
/// <param name="run">Returns the pages of a value.</param>
/// <remarks>Each value that is not yet due has at most <see cref="WaitingPages"/> pages in memory.</remarks>
internal sealed class OrderedRuns(int parallel, Func<object?, CancellationToken, IAsyncEnumerable<IEnumerable<Item>>> run)
{
    /// <summary>Number of pages that a value may be ahead of the writer.</summary>
    public const int WaitingPages = 2;

    /// <summary>Returns the pages, each with the value that it was made from.</summary>
    public IAsyncEnumerable<(object? Value, IEnumerable<Item> Page)> RunAsync(
        IEnumerable<object?> values, CancellationToken cancellationToken) =>
        parallel <= 1 ? OneByOneAsync(values, cancellationToken) : SideBySideAsync(values, cancellationToken);

    private async IAsyncEnumerable<(object? Value, IEnumerable<Item> Page)> OneByOneAsync(
        IEnumerable<object?> values, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var value in values)
            await foreach (var page in run(value, cancellationToken).ConfigureAwait(false)) yield return (value, page);
    }

    private async IAsyncEnumerable<(object? Value, IEnumerable<Item> Page)> SideBySideAsync(
        IEnumerable<object?> values, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Queue<(object? Value, ChannelReader<IEnumerable<Item>> Pages, Task End)>();
        try
        {
            using var next = values.GetEnumerator();
            var hasMore = true;
            while (true)
            {
                while (running.Count < parallel && hasMore && (hasMore = next.MoveNext())) running.Enqueue(Begin(next.Current, stop.Token));
                if (running.Count == 0) yield break;
                var (value, pages, end) = running.Peek();
                await foreach (var page in pages.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return (value, page);
                await end.ConfigureAwait(false);
                running.Dequeue();
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (var left in running) await left.End.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private (object? Value, ChannelReader<IEnumerable<Item>> Pages, Task End) Begin(object? value, CancellationToken cancellationToken)
    {
        var pages = Channel.CreateBounded<IEnumerable<Item>>(WaitingPages);
        return (value, pages.Reader, Task.Run(() => ProduceAsync(value, pages.Writer, cancellationToken), CancellationToken.None));
    }

    private async Task ProduceAsync(object? value, ChannelWriter<IEnumerable<Item>> pages, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var page in run(value, cancellationToken).ConfigureAwait(false))
                await pages.WriteAsync(page, cancellationToken).ConfigureAwait(false);
            pages.Complete();
        }
        catch (Exception error)
        {
            pages.Complete(error);
        }
    }
}
