using System.Runtime.CompilerServices;
using Dlt.Storage;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>Programs that stop at each step until the test continues them. All orders of steps can run on one thread.</summary>
internal sealed class Interleaving
{
    private readonly Dictionary<int, TaskCompletionSource> _waiting = [];
    private readonly List<Task> _programs = [];

    /// <summary>Steps taken so far, by program.</summary>
    public List<int> Taken { get; } = [];

    /// <summary>Programs that wait at a step.</summary>
    public IReadOnlyList<int> Waiting => [.. _waiting.Keys.Order()];

    public void Add(Func<int, Task> program)
    {
        var number = _programs.Count;
        _programs.Add(Task.CompletedTask);
        _programs[number] = StartAsync(number, program);
    }

    public Task StepAsync(int program)
    {
        var step = new TaskCompletionSource();
        _waiting.Add(program, step);
        return step.Task;
    }

    public void GoOn(int program)
    {
        Taken.Add(program);
        _waiting.Remove(program, out var step);
        step!.SetResult();
        if (_programs[program] is { IsFaulted: true } failed) failed.GetAwaiter().GetResult();
    }

    private async Task StartAsync(int number, Func<int, Task> program)
    {
        await StepAsync(number);
        await program(number);
    }
}

/// <summary>Objects in memory; every call is a step of the program that makes it, and moves the clock on.</summary>
internal sealed class SteppedStore(
    Interleaving? steps, int program, SortedDictionary<string, (byte[] Content, DateTimeOffset Time)> objects, Func<DateTimeOffset> tick)
        : IObjectStore
{
    public async Task<ObjectInfo> PutAsync(
        ObjectLocation location, ReadOnlyMemory<byte> content, PutCondition condition = default,
            CancellationToken cancellationToken = default)
    {
        await StepAsync();
        if (condition.IfNoneMatch && objects.ContainsKey(location.Key)) throw new PreconditionFailedException(location);
        if (condition.IfMatch is { } etag && (!objects.ContainsKey(location.Key) || Info(location.Bucket, location.Key).ETag != etag))
            throw new PreconditionFailedException(location);
        objects[location.Key] = (content.ToArray(), tick());
        return Info(location.Bucket, location.Key);
    }

    public Task<bool> BucketExistsAsync(string bucket, CancellationToken cancellationToken = default) => Task.FromResult(true);

    public Task<ObjectInfo> UploadAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken = default) =>
        PutAsync(location, "rows"u8.ToArray(), default, cancellationToken);

    public async Task<byte[]> GetAsync(
        ObjectLocation location, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        await StepAsync();
        return objects.TryGetValue(location.Key, out var found) ? found.Content : throw new ObjectNotFoundException(location);
    }

    public async Task<StoredObject?> TryReadAsync(ObjectLocation location, CancellationToken cancellationToken = default)
    {
        await StepAsync();
        return objects.TryGetValue(location.Key, out var found) ? new(Info(location.Bucket, location.Key), found.Content, tick()) : null;
    }

    public async Task<ObjectInfo?> HeadAsync(ObjectLocation location, CancellationToken cancellationToken = default)
    {
        await StepAsync();
        return objects.ContainsKey(location.Key) ? Info(location.Bucket, location.Key) : null;
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await StepAsync();
        foreach (var key in objects.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).ToList()) yield return Info(
            bucket, key);
    }

    public async Task DeleteAsync(string bucket, IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        await StepAsync();
        foreach (var key in keys) objects.Remove(key);
    }

    public Task<Stream> OpenReadAsync(ObjectLocation location, long? length = null, CancellationToken cancellationToken = default) =>
        this.OpenRangesAsync(location, length, cancellationToken);

    public async Task<bool> TryDeleteAsync(ObjectLocation location, string etag, CancellationToken cancellationToken = default)
    {
        await StepAsync();
        if (!objects.ContainsKey(location.Key)) return true;
        return Info(location.Bucket, location.Key).ETag == etag && objects.Remove(location.Key);
    }

    private Task StepAsync() => steps?.StepAsync(program) ?? Task.CompletedTask;

    private ObjectInfo Info(string bucket, string key)
    {
        var (content, time) = (objects[key].Content, objects[key].Time);
        return new(new(bucket, key), content.Length, $"\"{time.Ticks:x}\"", time);
    }
}
