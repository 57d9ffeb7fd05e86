using Dlt.Internal;

namespace Dlt.Destinations.Leases;

/// <summary>
/// The object <c>&lt;dataset&gt;/_dlt_lease/&lt;pipeline&gt;.json</c>: which run may write for the pipeline. It is only written under
/// conditions.
/// </summary>
internal sealed record LeaseObject
{
    private const long FormatVersion = 1;

    /// <summary>Name of the pipeline.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The run that took the lease last.</summary>
    public required LeaseHolder Holder { get; init; }

    /// <summary>Number of the run: each that takes the lease counts on by one.</summary>
    public required long Number { get; init; }

    /// <summary>Random text of one taking. It recognises a write whose response was lost.</summary>
    public required string Mark { get; init; }

    /// <summary>Counts the writes of the holder, so that each changes the content, and with it the ETag.</summary>
    public long Renewal { get; init; }

    /// <summary>Time without a renewal after which the holder counts as dead. The holder decides it.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>True when the holder has given the lease back.</summary>
    public bool IsReleased { get; init; }

    /// <summary>True when it is known that the store obeys conditions of writes.</summary>
    public bool IsProven { get; init; }

    /// <summary>Creates the first object of a pipeline, held by a run.</summary>
    public static LeaseObject Of(string pipeline, LeaseHolder holder, TimeSpan lease) => new()
    {
        Pipeline = pipeline,
        Holder = holder,
        Number = 1,
        Mark = NewMark(),
        Lease = lease,
    };

    /// <summary>Returns the object as the next run writes it.</summary>
    public LeaseObject TakenBy(LeaseHolder holder, TimeSpan lease) => this with
    {
        Holder = holder,
        Number = Number + 1,
        Mark = NewMark(),
        Renewal = 0,
        Lease = lease,
        IsReleased = false,
    };

    /// <summary>
    /// True when the run uses the working folder of the holder. It has the lock of that folder, so the holder is dead.
    /// </summary>
    public bool IsOfFolder(LeaseHolder run) =>
        (Holder.Host, Holder.Folder, Holder.FolderId) == (run.Host, run.Folder, run.FolderId);

    public byte[] Write() => JsonText.WriteUtf8(JsonValue.Object(
        ("format-version", JsonValue.Integer(FormatVersion)),
        ("pipeline", JsonValue.String(Pipeline)),
        ("host", JsonValue.String(Holder.Host)),
        ("process-id", JsonValue.Integer(Holder.ProcessId)),
        ("folder", JsonValue.String(Holder.Folder)),
        ("folder-id", JsonValue.String(Holder.FolderId)),
        ("number", JsonValue.Integer(Number)),
        ("mark", JsonValue.String(Mark)),
        ("renewal", JsonValue.Integer(Renewal)),
        ("lease-ms", JsonValue.Integer((long)Lease.TotalMilliseconds)),
        ("released", JsonValue.Bool(IsReleased)),
        ("proven", JsonValue.Bool(IsProven))));

    /// <exception cref="DltException">The object is damaged, or a later version wrote it.</exception>
    public static LeaseObject Read(ReadOnlyMemory<byte> content, string location)
    {
        try
        {
            var json = JsonValue.Parse(content.Span);
            if (json["format-version"]!.AsInt64() > FormatVersion)
                throw new DltException($"{location} was written by a later version of dlt. Nothing was run. Run with that version.");
            return new()
            {
                Pipeline = json["pipeline"]!.AsString(),
                Holder = new(json["host"]!.AsString(), (int)json["process-id"]!.AsInt64(), json["folder"]!.AsString(),
                    json["folder-id"]!.AsString()),
                Number = json["number"]!.AsInt64(),
                Mark = json["mark"]!.AsString(),
                Renewal = json["renewal"]!.AsInt64(),
                Lease = TimeSpan.FromMilliseconds(json["lease-ms"]!.AsInt64()),
                IsReleased = json["released"]!.AsBool(),
                IsProven = json["proven"]!.AsBool(),
            };
        }
        catch (Exception error)
            when (error is JsonFormatException or FormatException or InvalidOperationException or NullReferenceException)
        {
            throw new DltException($"{location} is not a readable lease: {Failure.Sentence(error)} Nothing was run. Delete the object if "
                + "no run of the pipeline is under way, and run again.", error);
        }
    }

    private static string NewMark() => Guid.NewGuid().ToString("N");
}
