using System.Collections.Immutable;

namespace Dlt.Hints.Paths;

/// <summary>A part of a JSONPath: finds values in a value, in their order.</summary>
internal abstract record PathNode
{
    /// <summary>Returns the matches.</summary>
    public abstract IEnumerable<JsonValue> Find(JsonValue value);

    /// <summary><c>$</c>, <c>@</c>: the value itself.</summary>
    public sealed record Root : PathNode
    {
        public static Root Instance { get; } = new();

        public override IEnumerable<JsonValue> Find(JsonValue value) => [value];
    }

    /// <summary>One name or several: members of an object.</summary>
    public sealed record Fields(ImmutableArray<string> Names) : PathNode
    {
        public override IEnumerable<JsonValue> Find(JsonValue value)
        {
            if (value.Kind != JsonKind.Object) yield break;
            foreach (var name in Names)
                if (value.Members.TryGet(name, out var member)) yield return member;
        }
    }

    /// <summary><c>*</c>: all members of an object.</summary>
    public sealed record AnyField : PathNode
    {
        public override IEnumerable<JsonValue> Find(JsonValue value) =>
            value.Kind == JsonKind.Object ? value.Members.Select(m => m.Value) : [];
    }

    /// <summary><c>[0]</c>, <c>[0,2]</c>: elements of a list; negative numbers count from the end.</summary>
    public sealed record Indexes(ImmutableArray<int> Numbers) : PathNode
    {
        public override IEnumerable<JsonValue> Find(JsonValue value)
        {
            if (value.Kind != JsonKind.Array) yield break;
            foreach (var number in Numbers)
            {
                var at = number < 0 ? value.Items.Length + number : number;
                if (at >= 0 && at < value.Items.Length) yield return value.Items[at];
            }
        }
    }

    /// <summary>
    /// <c>[*]</c>, <c>[1:3]</c>, <c>[::2]</c>: elements of a list, with Python's rules. Any other value is a list of itself, except null.
    /// </summary>
    public sealed record Slice(int? Start, int? End, int? Step) : PathNode
    {
        public override IEnumerable<JsonValue> Find(JsonValue value)
        {
            if (value.IsNull) return [];
            var items = value.Kind == JsonKind.Array ? value.Items : [value];
            return this is { Start: null, End: null, Step: null } ? items : Of(items);
        }

        private IEnumerable<JsonValue> Of(ImmutableArray<JsonValue> items)
        {
            var step = Step ?? 1;
            var (first, last) = step > 0 ? (0, items.Length) : (-1, items.Length - 1);
            var start = Start is { } s ? Math.Clamp(s < 0 ? s + items.Length : s, first, last) : step > 0 ? first : last;
            var end = End is { } e ? Math.Clamp(e < 0 ? e + items.Length : e, first, last) : step > 0 ? last : first;
            for (var i = start; step > 0 ? i < end : i > end; i += step) yield return items[i];
        }
    }

    /// <summary><c>[?(…)]</c>: elements of a list, or values of an object, for which the condition holds.</summary>
    public sealed record Filter(PathCondition Condition) : PathNode
    {
        public override IEnumerable<JsonValue> Find(JsonValue value) => value.Kind switch
        {
            JsonKind.Array => value.Items.Where(Condition.Holds),
            JsonKind.Object => value.Members.Select(m => m.Value).Where(Condition.Holds),
            _ => [],
        };
    }

    /// <summary><c>a.b</c>.</summary>
    public sealed record Child(PathNode Left, PathNode Right) : PathNode
    {
        public override IEnumerable<JsonValue> Find(JsonValue value) => Left.Find(value).SelectMany(Right.Find);
    }

    /// <summary><c>a..b</c>: in a value and in everything within it.</summary>
    public sealed record Descendants(PathNode Left, PathNode Right) : PathNode
    {
        public override IEnumerable<JsonValue> Find(JsonValue value) => Left.Find(value).SelectMany(Within);

        private IEnumerable<JsonValue> Within(JsonValue value) => Right.Find(value).Concat(value.Kind switch
        {
            JsonKind.Array => value.Items.SelectMany(Within),
            JsonKind.Object => value.Members.SelectMany(m => Within(m.Value)),
            _ => [],
        });
    }

    /// <summary><c>a|b</c>: the matches of both.</summary>
    public sealed record Union(PathNode Left, PathNode Right) : PathNode
    {
        public override IEnumerable<JsonValue> Find(JsonValue value) => Left.Find(value).Concat(Right.Find(value));
    }

    /// <summary><c>a where b</c>: the matches of the first in which the second finds something.</summary>
    public sealed record Where(PathNode Left, PathNode Right) : PathNode
    {
        public override IEnumerable<JsonValue> Find(JsonValue value) => Left.Find(value).Where(v => Right.Find(v).Any());
    }
}
