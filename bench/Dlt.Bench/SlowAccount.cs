using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Bench;

/// <summary>
/// A local account in which each call of a service takes a fixed time before it is answered. Lists take it for each page.
/// </summary>
internal sealed class SlowAccount : LakeAccount
{
    private const int PageSize = 1000;

    private readonly LocalAthena _account;
    private readonly TimeSpan _latency;
    private readonly ConcurrentQueue<(double Start, string Call)> _calls = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <param name="account">The account.</param>
    /// <param name="latency">Time that a call takes.</param>
    public SlowAccount(LocalAthena account, TimeSpan latency)
    {
        (_account, _latency) = (account, latency);
        Objects = Slow(account.Objects);
        Glue = Slow(account.Glue);
    }

    public override IObjectStore Objects { get; }

    public override IGlueCatalog Glue { get; }

    public override IAthena Athena => _account.Athena;

    public override string BucketUrl => _account.BucketUrl;

    public override string QueryResultBucket => _account.QueryResultBucket;

    public override string? PipelinesFolder => _account.PipelinesFolder;

    /// <summary>Number of calls since the last reset.</summary>
    public int Calls => _calls.Count;

    /// <summary>Forgets the calls so far and begins to count the time.</summary>
    public void Reset()
    {
        _calls.Clear();
        _clock.Restart();
    }

    /// <summary>
    /// Lists the calls by the moment in which they began, in units of the latency. A call that has no other in its moment is one that
    /// everything waits for.
    /// </summary>
    public IEnumerable<string> Moments() => _calls.GroupBy(c => (int)(c.Start / _latency.TotalMilliseconds)).OrderBy(g => g.Key)
        .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key,4}: {string.Join(", ", g.GroupBy(c => c.Call)
            .Select(c => c.Count() == 1 ? c.Key : $"{c.Key} × {c.Count()}"))}"));

    private T Slow<T>(T service) where T : class
    {
        var proxy = DispatchProxy.Create<T, Proxy>();
        ((Proxy)(object)proxy).Call = (method, given) => Call(service, method, given);
        return proxy;
    }

    private object? Call(object service, MethodInfo method, object?[] given)
    {
        var operation = method.Name.Replace("Async", "", StringComparison.Ordinal);
        _calls.Enqueue((_clock.Elapsed.TotalMilliseconds, $"{operation} {Subject(given)}"));
        object? Invoke() => method.Invoke(service, BindingFlags.DoNotWrapExceptions, null, given, null);
        if (method.ReturnType == typeof(Task)) return LaterAsync(() => (Task)Invoke()!);
        if (!method.ReturnType.IsGenericType) return Invoke();
        var name = method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>) ? nameof(LaterOfAsync) : nameof(PagesAsync);
        var later = GetType().GetMethod(name, BindingFlags.Instance | BindingFlags.NonPublic)!;
        return later.MakeGenericMethod(method.ReturnType.GenericTypeArguments).Invoke(this, [(Func<object?>)Invoke]);
    }

    private async Task LaterAsync(Func<Task> call)
    {
        await Task.Delay(_latency).ConfigureAwait(false);
        await call().ConfigureAwait(false);
    }

    private async Task<T> LaterOfAsync<T>(Func<object?> call)
    {
        await Task.Delay(_latency).ConfigureAwait(false);
        return await ((Task<T>)call()!).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<T> PagesAsync<T>(Func<object?> call)
    {
        await Task.Delay(_latency).ConfigureAwait(false);
        var count = 0;
        await foreach (var item in ((IAsyncEnumerable<T>)call()!).ConfigureAwait(false))
        {
            if (++count % PageSize == 0) await Task.Delay(_latency).ConfigureAwait(false);
            yield return item;
        }
    }

    /// <summary>The last two parts of what the call is about, without the digits that differ between tables.</summary>
    private static string Subject(object?[] given)
    {
        var subject = given.Select(g => g switch
        {
            ObjectLocation location => location.Key,
            GlueTableInput table => table.Name,
            string text => text,
            _ => null,
        }).LastOrDefault(t => t is not null) ?? "";
        return string.Join('/', subject.Split('/')[^Math.Min(2, subject.Split('/').Length)..].Select(Shortened));
    }

    private static string Shortened(string part) => part.StartsWith("table_", StringComparison.Ordinal) ? "table_n"
        : part.Any(char.IsDigit) ? "n" + Path.GetExtension(part) : part;

    internal class Proxy : DispatchProxy
    {
        public Func<MethodInfo, object?[], object?> Call { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Call(targetMethod!, args ?? []);
    }
}
