import { z } from "zod";
import { Colour, Uuid, WebsiteId } from "./basics.ts";

/** A tag of one website: agents put it on conversations and filter the inbox by it. */
export const Tag = z.object({ id: Uuid, name: z.string(), colour: Colour });
export type Tag = z.infer<typeof Tag>;

/** All tags of a website, by name. */
export const Tags = z.object({ tags: z.array(Tag) });
export type Tags = z.infer<typeof Tags>;

/** Two tags of a website never have the same name; capitals do not count. */
export const TagCreate = z.object({ name: z.string().trim().min(1, "is empty").max(40), colour: Colour });
export type TagCreate = z.infer<typeof TagCreate>;

export const TagChange = TagCreate.partial();
export type TagChange = z.infer<typeof TagChange>;

/** Puts a tag on a conversation. Putting it there twice changes nothing. */
export const TagConversation = z.object({ tagId: Uuid });

/** The event `tags.changed`: the tags that the website has now. */
export const TagsChanged = z.object({ websiteId: WebsiteId, tags: z.array(Tag) });
export type TagsChanged = z.infer<typeof TagsChanged>;
