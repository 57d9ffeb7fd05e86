using Dlt.Json;

namespace Dlt.Sources.Cursors;

/// <summary>
/// Items whose rows may have the last value of a cursor. They are hashed late, because a later value usually makes their hashes irrelevant.
/// </summary>
internal interface IBorderItems
{
    /// <summary>True when <see cref="Identity"/> can be called for all rows that were added.</summary>
    bool IsComplete => true;

    /// <summary>True when decimals have the scale of their column in this batch, rather than their own.</summary>
    bool HasColumnScale => false;

    /// <summary>Returns the values that identify an item among those with the same cursor value: its key, or the whole item.</summary>
    /// <exception cref="IncrementalException">The item does not have a field of the key.</exception>
    JsonValue Identity(int row);

    /// <summary>Returns one row in a form that stays valid, and small, after its page.</summary>
    IBorderItems Kept(int row) => new KeptItem(Identity(row));
}

/// <summary>One item at the last value of a cursor.</summary>
/// <param name="identity">Values that identify the item.</param>
internal sealed class KeptItem(JsonValue identity) : IBorderItems
{
    public JsonValue Identity(int row) => identity;

    public IBorderItems Kept(int row) => this;
}

/// <summary>One item without a key at the last value of a cursor, as JSON text, which is parsed only if it has to be hashed.</summary>
/// <param name="text">The whole item in UTF-8.</param>
internal sealed class KeptText(byte[] text) : IBorderItems
{
    public JsonValue Identity(int row) => JsonParser.Parse(text);

    public IBorderItems Kept(int row) => this;
}
